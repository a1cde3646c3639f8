import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_otp.oath import hotp

from accounts import codes
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods import reading
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator, end, judge
from sls.methods.protocol import DeviceRow, Enrolment, Reading, Strength
from sls.methods.rows import unsent

CODE_LENGTH = 6
SEED_BYTES = 20
STEP_SECONDS = 30
DRIFT = (-1, 0, 1)


class AuthenticatorApp:
    """A six-digit code that an app on a device of the client makes every 30 seconds."""

    code = "authenticator_app"
    label = _("Authenticator app")
    risk = _(
        "A fake page can ask for the code and use it at once. A passkey works on our address only."
    )
    strength = Strength.TYPED_CODE
    permanent = True
    channels = ()
    amr = "otp"
    model = AppDevice

    def devices(self, user_id: int) -> QuerySet[AppDevice]:
        return unsent(
            AppDevice.objects.filter(
                user_id=user_id, confirmed=True, disabled_at=None, revoked_at=None
            )
        )

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        AppDevice.objects.filter(user=user, confirmed=False, revoked_at=None).delete()
        device = AppDevice(user=user, name=str(self.label), confirmed=False)
        device.put_seed(secrets.token_bytes(SEED_BYTES))
        device.save(force_insert=True)
        row = DeviceRow(device.persistent_id, self.code, device.name, "", False, None)
        challenge = self.challenge(
            row, user=user, purpose=Purpose.ENROLMENT, bound_to=bound_to, origin=origin
        )
        return Enrolment(device, challenge, self.enrolling(challenge))

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
        return challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            life=timedelta(seconds=settings.SECURITY_CODE_LIFE),
            tries=settings.TRIES_PER_CHALLENGE,
        )

    def read(self, text: str, challenge: Challenge) -> Reading:
        return reading.digits(text, challenge, length=CODE_LENGTH)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=CODE_LENGTH)

    def verify(self, challenge: Challenge, answer: str, *, origin: Origin) -> Verdict:
        matched: list[int] = []

        def is_right(_challenge: Challenge, device: Authenticator) -> bool:
            step = matching_step(device, answer)
            matched.append(step)
            return step > device.last_step

        def on_right(device: Authenticator) -> tuple[str, ...]:
            device.last_step = matched[0]
            return ("last_step",)

        return judge(
            challenge,
            model=AppDevice,
            failures_allowed=settings.AUTHENTICATOR_APP_FAILURES,
            origin=origin,
            is_right=is_right,
            on_right=on_right,
        )

    def revoke(self, device: AppDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, seed=None)


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
