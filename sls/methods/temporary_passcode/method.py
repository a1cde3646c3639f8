from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.codes import Shape
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.sessions.rules import ONLINE_CARD
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods import offline
from sls.methods.device import Then, end, judge, row_id
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength
from sls.methods.temporary_passcode import rules, services, wording
from sls.methods.temporary_passcode.models import Passcode


class TemporaryPasscode:
    """Eight characters that support sent to the client's number."""

    code = services.CODE
    label = services.LABEL
    answer = _("a temporary passcode")
    risk = _(
        "Whoever reads the message that it came by can use it for as long as it is good. Put "
        "something of your own in its place today."
    )
    strength = Strength.TELEPHONE
    permanent = False
    channels = ()
    amr = "otp"
    model = Passcode
    lives_on = Place.PHONE

    def devices(self, user_id: int) -> QuerySet[Passcode]:
        live = Passcode.objects.filter(Passcode.live(), user_id=user_id)
        return unsent(live).annotate(over_at=F("until"), limited_until=F("card_until"))

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """Nobody enrols one: it is issued (``services.issue``)."""
        return wording.by_support()

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
        return offline.open_challenge(
            device, method=self.code, user=user, purpose=purpose, bound_to=bound_to
        )

    def read(self, text: str, challenge: Challenge) -> Reading:
        shape, code = rules.read(text)
        if shape is Shape.WELL_FORMED:
            return Reading(code)
        return Reading(problem=wording.of_shape(shape))

    def looks_like(self, text: str) -> bool:
        return rules.read(text)[0] is Shape.WELL_FORMED

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        return judge(
            challenge,
            model=Passcode,
            failures_allowed=settings.PASSCODE_FAILURES,
            origin=origin,
            then=then,
            is_right=lambda _challenge, device: _is(device, answer),
        )

    def revoke(self, device: Passcode, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, secret=None)

    def limits(self, device: str) -> str:
        """To what a session is limited that it opens now, "" for nothing. One query."""
        found = Passcode.objects.get(pk=row_id(device))
        return "" if found.opens_all else ONLINE_CARD


def _is(device: Passcode, answer: str) -> bool:
    try:
        return codes.same(device.code(), answer)
    except CannotOpen:
        return False
