from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.codes import Shape
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import offline
from sls.methods.backup_codes import rules, services, wording
from sls.methods.backup_codes.models import CodeSet
from sls.methods.device import Authenticator, Then, end, judge, spent
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength


class BackupCodes:
    """Ten codes on paper, each of which works once."""

    code = services.CODE
    label = _("Backup codes")
    answer = _("a backup code")
    risk = _("Whoever finds the list can use it. Keep it where you keep your passport.")
    strength = Strength.TYPED_CODE
    permanent = False
    channels = ()
    amr = "otp"
    model = CodeSet
    lives_on = Place.PAPER

    def devices(self, user_id: int) -> QuerySet[CodeSet]:
        with_codes = CodeSet.objects.filter(CodeSet.live(), used_bits__lt=rules.ALL_USED)
        return unsent(with_codes.filter(user_id=user_id))

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        made, codes = services.renew(user=user, name=str(self.label), origin=origin)
        shown = {"codes": [rules.written(code) for code in codes], "made_at": made.created_at}
        return Enrolment(made, None, shown)

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
        number = [0]

        def is_right(_challenge: Challenge, device: Authenticator) -> bool:
            number[0] = device.number_of(services.digest(device, answer))
            return number[0] > 0 and number[0] not in device.used

        def on_right(device: Authenticator) -> tuple[str, ...]:
            device.use(number[0])
            return ("used_bits",)

        def on_proven(device: Authenticator, user: User) -> None:
            detail = {"method": self.code, "number": number[0], "left": device.left}
            audit.record(Event.BACKUP_CODE_USED, user=user, origin=origin, detail=detail)

        verdict = judge(
            challenge,
            model=CodeSet,
            failures_allowed=settings.BACKUP_CODE_FAILURES,
            origin=origin,
            then=then,
            is_right=is_right,
            on_right=on_right,
            on_proven=on_proven,
        )
        return spent(verdict) if number[0] else verdict

    def revoke(self, device: CodeSet, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, key=None)
