import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts import codes, limits
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods import reading
from sls.methods.device import Authenticator, end, judge, row_id
from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.protocol import DeviceRow, Enrolment, Reading, Strength
from sls.methods.rows import unsent


class DscPlus:
    """Eight digits that a card computes from the challenge on the page and the client's PIN."""

    code = "dsc_plus"
    label = _("Digital Security Card+")
    risk = _(
        "A fake page can pass on the challenge and use your response at once. A passkey works on "
        "our address only."
    )
    strength = Strength.TYPED_CODE
    permanent = True
    channels = ()
    amr = "hwk"
    model = CardDevice

    def devices(self, user_id: int) -> QuerySet[CardDevice]:
        working = CardDevice.objects.filter(
            user_id=user_id,
            confirmed=True,
            disabled_at=None,
            revoked_at=None,
            card__lost_at=None,
            card__returned_at=None,
            card__disabled_at=None,
            card__issued__lt=rules.SPENT,
        )
        return unsent(working)

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """The activation of a card that was shipped to the user and is not in use yet."""
        device = (
            CardDevice.objects.filter(
                user=user, confirmed=False, revoked_at=None, card__shipped_at__isnull=False
            )
            .order_by("created_at")
            .first()
        )
        if device is None:
            return Problem("no_card", _g("No card is on its way to you. Request one first."))
        row = DeviceRow(device.persistent_id, self.code, device.name, "", False, None)
        challenge = self.challenge(
            row, user=user, purpose=Purpose.ENROLMENT, bound_to=bound_to, origin=origin
        )
        return Enrolment(device, challenge)

    def enrolling(self, challenge: Challenge) -> Mapping[str, Any]:
        return {}

    def challenge(
        self,
        device: DeviceRow,
        *,
        user: User,
        purpose: Purpose,
        bound_to: str,
        origin: Origin,
        delivery: Channel | None = None,
    ) -> Challenge:
        """Raises ``limits.TooMany`` when the card was asked too often in the last minutes: whoever
        relays pages must not collect answers."""
        card = Card.objects.select_for_update().get(devices=row_id(device.id))
        limits.demand("challenges_per_card", str(card.pk))
        return challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=settings.CARD_CHALLENGE_LIFE),
            tries=settings.CARD_TRIES,
            question=_next_question(card),
        )

    def read(self, text: str, challenge: Challenge) -> Reading:
        return reading.digits(text, challenge, length=rules.RESPONSE_DIGITS)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=rules.RESPONSE_DIGITS)

    def verify(self, challenge: Challenge, answer: str, *, origin: Origin) -> Verdict:
        return judge(
            challenge,
            model=CardDevice,
            failures_allowed=settings.CARD_FAILURES,
            origin=origin,
            is_right=lambda locked, device: _is_right(locked, device, answer),
            on_right=_on_right,
            on_wrong=_on_wrong,
        )

    def revoke(self, device: CardDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why)


def _next_question(card: Card) -> str:
    """One that the card was never asked. What it was asked before, and not answered, is over."""
    # A key of its own for the order: what the card computes tells nothing of what it is asked.
    order = hmac.digest(card.open_seed(), b"order of challenges", "sha256")
    question = rules.challenge(order, card.issued)
    if question is None:
        raise CannotOpen("spent")  # ``devices`` leaves such a card out before it comes to this
    card.issued += 1
    card.save(update_fields=["issued"])
    asked = [device.persistent_id for device in card.devices.all()]
    live = Challenge.objects.filter(device__in=asked, used_at=None, cancelled_at=None)
    live.update(cancelled_at=timezone.now())
    return question


def _is_right(challenge: Challenge, device: Authenticator, answer: str) -> bool:
    """Whether the card answers so; of a counter suite the counter moves past the answer."""
    card = device.card = Card.objects.select_for_update().get(pk=device.card_id)
    if not card.works:
        return False
    try:
        possible = rules.responses(
            card.suite,
            card.open_seed(),
            challenge.question,
            pin=card.open_pin(),
            counter=card.counter,
        )
    except CannotOpen:
        return False
    matches = [codes.same(one, answer) for one in possible]
    if True not in matches:
        return False
    card.counter += matches.index(True) + 1
    return True


def _on_right(device: Authenticator) -> tuple[str, ...]:
    device.card.failures = 0
    device.card.save(update_fields=["failures", "counter"])
    return ()


def _on_wrong(device: Authenticator) -> bool:
    """Counts for the card, whichever user name asked."""
    card = device.card
    card.failures += 1
    if card.failures >= settings.CARD_FAILURES and card.disabled_at is None:
        card.disabled_at = timezone.now()
    card.save(update_fields=["failures", "disabled_at"])
    return card.disabled_at is not None
