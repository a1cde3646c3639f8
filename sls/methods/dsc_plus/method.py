from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import reading
from sls.methods.device import Authenticator, Then, end, judge, row_id
from sls.methods.dsc_plus import asking, rules, services, wording
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.dsc_plus.rules import Weighed
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength


class DscPlus:
    """Eight digits that a card computes from the challenge on the page and the client's PIN."""

    code = services.CODE
    label = services.LABEL
    answer = _("a response of your card")
    risk = _(
        "A fake page can pass on the challenge and use your response at once. A passkey works on "
        "our address only."
    )
    strength = Strength.TYPED_CODE
    permanent = True
    channels = ()
    amr = "hwk"
    model = CardDevice
    lives_on = Place.CARD

    def devices(self, user_id: int) -> QuerySet[CardDevice]:
        working = CardDevice.objects.filter(CardDevice.live(), card__issued__lt=rules.SPENT)
        return unsent(working.filter(user_id=user_id))

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """The activation of a card that was shipped to the user and is not in use yet."""
        device = services.awaiting_activation(user.pk)
        if device is None:
            return wording.no_card()
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
        card = asking.lock(row_id(device.id))
        challenge = challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=settings.CARD_CHALLENGE_LIFE),
            tries=settings.CARD_TRIES,
            question=asking.next_question(card, user=user, purpose=purpose, origin=origin),
        )
        asking.ask(card, challenge.pk)
        return challenge

    def read(self, text: str, challenge: Challenge) -> Reading:
        return reading.digits(text, challenge, length=rules.RESPONSE_DIGITS)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=rules.RESPONSE_DIGITS)

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        found: list[tuple[Authenticator, Weighed]] = []

        def is_right(locked: Challenge, device: Authenticator) -> bool:
            found.append((device, asking.take(device.card, locked.question, answer)))
            return found[0][1].right

        verdict = judge(
            challenge,
            model=CardDevice,
            failures_allowed=settings.CARD_FAILURES,
            origin=origin,
            then=then,
            is_right=is_right,
        )
        if not found:
            return wording.spoken(verdict, far_ahead=False)
        device, weighed = found[0]
        if device.card.disabled_at is not None:
            verdict = replace(verdict, outcome=Outcome.DISABLED, disables=True)
            services.tell_others_disabled(device, origin=origin)
        return wording.spoken(verdict, far_ahead=weighed.awaited is not None)

    def revoke(self, device: CardDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why)
