import time
from datetime import timedelta

from django.conf import settings
from django.db.models import BooleanField, CharField, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.oath import hotp

from accounts import codes
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator, judge
from sls.methods.protocol import DeviceRow, Strength

STEP_SECONDS = 30
DRIFT = (-1, 0, 1)


class AuthenticatorApp:
    """A six-digit code that an app on a device of the client makes every 30 seconds."""

    code = "authenticator_app"
    label = _("Authenticator app")
    strength = Strength.TYPED_CODE
    code_length = 6
    channels = ()
    amr = "otp"
    model = AppDevice

    def devices(self, user_id: int) -> QuerySet[AppDevice]:
        return AppDevice.objects.filter(
            user_id=user_id, confirmed=True, disabled_at=None, revoked_at=None
        ).annotate(
            destination=Value("", output_field=CharField()),
            takes_sms=Value(False, output_field=BooleanField()),
        )

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
        return challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=settings.SECURITY_CODE_LIFE),
            tries=settings.TRIES_PER_CHALLENGE,
        )

    def verify(self, challenge: Challenge, digits: str) -> Verdict:
        matched: list[int] = []

        def is_right(_challenge: Challenge, device: Authenticator) -> bool:
            step = matching_step(device, digits)
            matched.append(step)
            return step > device.last_step

        def on_right(device: Authenticator) -> tuple[str, ...]:
            device.last_step = matched[0]
            return ("last_step",)

        return judge(
            challenge,
            model=AppDevice,
            failures_allowed=settings.AUTHENTICATOR_APP_FAILURES,
            is_right=is_right,
            on_right=on_right,
        )

    def revoke(self, device: AppDevice, *, user: User, origin: Origin, why: str) -> None:
        device.revoked_at, device.confirmed, device.seed = timezone.now(), False, None
        device.save(update_fields=["revoked_at", "confirmed", "seed"])
        audit.record(
            Event.DEVICE_REVOKED,
            user=user,
            origin=origin,
            detail={"method": self.code, "device": device.name, "why": why},
            note={"device": device.persistent_id},
        )


def matching_step(device: AppDevice, digits: str) -> int:
    """The time step (RFC 6238, T0 = 0) whose code ``digits`` is, or -1; every step is compared."""
    try:
        seed = device.open_seed()
    except CannotOpen:
        return -1
    now = int(time.time()) // STEP_SECONDS
    steps = [now + drift for drift in DRIFT]
    return max(
        (step for step in steps if codes.same(f"{hotp(seed, step):06d}", digits)), default=-1
    )
