import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import codes, limits
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.codes import Shape
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods import reading
from sls.methods.device import Then, end, judge, row_id
from sls.methods.online_card import rules, services, wording
from sls.methods.online_card.models import OnlineCard
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength


class OnlineCardMethod:
    """The values of two index numbers of a printed sheet."""

    code = services.CODE
    label = services.LABEL
    answer = _("two values of your online security code card")
    risk = _(
        "Whoever copies the sheet can use it, and a fake page can ask for its values one by one. "
        "It is good for some weeks only."
    )
    strength = Strength.TYPED_CODE
    permanent = False
    channels = ()
    amr = "otp"
    model = OnlineCard
    lives_on = Place.PAPER

    def devices(self, user_id: int) -> QuerySet[OnlineCard]:
        live = OnlineCard.objects.filter(
            OnlineCard.live(),
            user_id=user_id,
            answered__lt=rules.SPENT,
            unanswered__lt=rules.UNANSWERED,
        )
        return unsent(live).annotate(over_at=F("ends_at"))

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """``shown`` has the sheet, for the one page that prints it.

        Who may have one is asked before (``sls.methods.bridging``).
        """
        OnlineCard.objects.filter(user=user, confirmed=False, revoked_at=None).delete()
        seed = secrets.token_bytes(rules.SEED_BYTES)
        card = OnlineCard(user=user, name=str(self.label), confirmed=False)
        card.put_seed(seed)
        card.save(force_insert=True)
        row = DeviceRow(card.persistent_id, self.code, card.name, "", False, None)
        challenge = self.challenge(
            row, user=user, purpose=Purpose.ENROLMENT, bound_to=bound_to, origin=origin
        )
        shown = {
            "entries": list(enumerate(rules.values(seed), 1)),
            "made_at": card.created_at,
            "days": settings.ONLINE_CARD_DAYS,
        }
        return Enrolment(card, challenge, shown)

    def enrolling(self, challenge: Challenge) -> Mapping[str, Any]:
        """Nothing: the sheet is shown once."""
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
        """Raises ``limits.TooMany`` when the sheet was asked too often in the last minutes: whoever
        knows some values must not go on until they are asked for."""
        card = OnlineCard.objects.select_for_update(no_key=True).get(pk=row_id(device.id))
        enrols = purpose is Purpose.ENROLMENT
        if not enrols:
            limits.demand("challenges_per_card", f"online:{card.pk}")
        question = rules.question(rules.pair(card.open_seed(), card.issued))
        card.issued, card.unanswered = card.issued + 1, card.unanswered + 1
        card.save(update_fields=["issued", "unanswered"])
        life = settings.ENROLMENT_LIFE if enrols else settings.SECURITY_CODE_LIFE
        return challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=life),
            tries=settings.TRIES_PER_CHALLENGE,
            question=question,
        )

    def asking(self, challenge: Challenge) -> Mapping[str, Any]:
        """The two index numbers. No query."""
        first, second = rules.asked(challenge.question)
        return {"first": first, "second": second}

    def read(self, text: str, challenge: Challenge) -> Reading:
        typed = codes.read(text, length=rules.ANSWER_DIGITS)
        if typed.shape is not Shape.WELL_FORMED:
            return Reading(problem=wording.of_shape(typed.shape))
        # With letters in front it comes from elsewhere, and is not compared.
        if typed.reference:
            return Reading(problem=wording.of_shape(Shape.LETTERS))
        return Reading(typed.digits)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=rules.ANSWER_DIGITS)

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        verdict = judge(
            challenge,
            model=OnlineCard,
            failures_allowed=settings.ONLINE_CARD_FAILURES,
            origin=origin,
            then=then,
            is_right=lambda locked, device: _is(device, locked.question, answer),
            on_right=_use,
        )
        return wording.spoken(verdict)

    def revoke(self, device: OnlineCard, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, seed=None)


def _is(device: OnlineCard, question: str, answer: str) -> bool:
    try:
        return codes.same(rules.answer(device.open_seed(), question), answer)
    except CannotOpen:
        return False


def _use(device: OnlineCard) -> tuple[str, ...]:
    """The first right answer is the activation."""
    if device.ends_at is None:
        device.ends_at = rules.ends_at(device.last_used_at, settings.ONLINE_CARD_DAYS)
    device.answered, device.unanswered = device.answered + 1, 0
    return ("ends_at", "answered", "unanswered")
