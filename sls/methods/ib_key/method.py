from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import reading
from sls.methods.device import Authenticator, Then, judge, row_id
from sls.methods.ib_key import activations, pushes, rules, shown, wording
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength, may_ask

APPROVED = "approved"  # what the page posts when the phone has approved


class IbKey:
    """A telephone that approves what it shows, or answers six digits with eight.

    Its strength is that of a typed code: the same challenge takes the response, which can be
    relayed by a fake page, so an approval must not be worth more than what it stands beside.
    """

    code = activations.CODE
    label = activations.LABEL
    answer = _("a response of IB Key")
    risk = _(
        "A fake page can show you its digits or pass on your response. A passkey works on our "
        "address only."
    )
    strength = Strength.TYPED_CODE
    permanent = True
    channels = ()
    amr = "hwk"
    model = IbKeyDevice
    lives_on = Place.PHONE

    def devices(self, user_id: int) -> QuerySet[IbKeyDevice]:
        return unsent(IbKeyDevice.objects.filter(IbKeyDevice.live(), user_id=user_id))

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """Nothing is enrolled by a typed code: a phone activates itself (``activations``)."""
        return wording.on_the_phone()

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
        challenge = challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=settings.IB_KEY_CHALLENGE_LIFE),
            tries=settings.IB_KEY_TRIES,
            question=_question(purpose),
        )
        phones = IbKeyDevice.objects.select_related("endpoint")
        phone = phones.get(pk=row_id(device.id))
        pushes.open_push(phone, challenge, user=user, origin=origin)
        return challenge

    def ring(self, challenge: Challenge, *, user: User, origin: Origin) -> None:
        phones = IbKeyDevice.objects.select_related("endpoint")
        phone = phones.get(pk=row_id(challenge.device))
        pushes.push_again(phone, challenge, user=user, origin=origin)

    def read(self, text: str, challenge: Challenge) -> Reading:
        if text != APPROVED:
            return reading.digits(text, challenge, length=rules.RESPONSE_DIGITS)
        if pushes.is_approved(challenge):
            return Reading(APPROVED)
        push = pushes.of_challenge(challenge)
        return Reading(problem=wording.not_approved(push and push.state))

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=rules.RESPONSE_DIGITS)

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        def is_right(locked: Challenge, device: Authenticator) -> bool:
            if answer == APPROVED:
                return pushes.is_approved(locked)
            return device.answers(locked.question, answer)

        verdict = judge(
            challenge,
            model=IbKeyDevice,
            failures_allowed=settings.IB_KEY_FAILURES,
            origin=origin,
            then=then,
            is_right=is_right,
        )
        return wording.spoken(verdict)

    def asking(self, challenge: Challenge) -> Mapping[str, Any]:
        return shown.asking(pushes.of_challenge(challenge))

    def revoke(self, device: IbKeyDevice, *, user: User, origin: Origin, why: str) -> None:
        activations.end_phone(device, user=user, origin=origin, why=why)


def _question(purpose: Purpose) -> str:
    """Never the one that a phone answered at its activation."""
    while True:
        question = codes.numeric(rules.CHALLENGE_DIGITS)
        may = may_ask(question, is_read_out=purpose == Purpose.CALLER)
        if may and question != rules.FIRST_QUESTION:
            return question
