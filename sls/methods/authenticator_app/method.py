import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import offline, reading
from sls.methods.authenticator_app import sharing, wording
from sls.methods.authenticator_app.matching import NONE, Match, match
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator, Then, end, judge, row_id, spent
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength

CODE_LENGTH = 6
SEED_BYTES = 20
READ_OUT = timedelta(seconds=90)  # for which a code that was read out may still be right


class AuthenticatorApp:
    """A six-digit code that an app on a device of the client makes every 30 seconds."""

    code = "authenticator_app"
    label = _("Authenticator app")
    answer = _("a code of your authenticator app")
    risk = _(
        "A fake page can ask for the code and use it at once. A passkey works on our address only."
    )
    strength = Strength.TYPED_CODE
    permanent = True
    channels = ()
    amr = "otp"
    model = AppDevice
    lives_on = Place.PHONE

    def devices(self, user_id: int) -> QuerySet[AppDevice]:
        return unsent(AppDevice.objects.filter(AppDevice.live(), user_id=user_id))

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
        pending = AppDevice.objects.select_related("user").filter(
            pk=row_id(challenge.device),
            user_id=challenge.user_id,
            confirmed=False,
            disabled_at=None,
            revoked_at=None,
        )
        device = pending.first() if challenge.is_open(timezone.now()) else None
        return sharing.shown(device, digits=CODE_LENGTH) if device else {}

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
        challenge = offline.open_challenge(
            device, method=self.code, user=user, purpose=purpose, bound_to=bound_to
        )
        if purpose is Purpose.CALLER:
            until = challenge.expires_at + READ_OUT
            AppDevice.objects.filter(pk=row_id(device.id)).update(asked_until=until)
        return challenge

    def read(self, text: str, challenge: Challenge) -> Reading:
        return reading.digits(text, challenge, length=CODE_LENGTH)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=CODE_LENGTH)

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        seen = [Match()]

        def is_right(_challenge: Challenge, device: Authenticator) -> bool:
            seen[0] = match(device, answer)
            return seen[0].step > device.last_step

        def on_right(device: Authenticator) -> tuple[str, ...]:
            device.last_step, device.drift, device.asked_until = seen[0].step, seen[0].drift, None
            return ("last_step", "drift", "asked_until")

        verdict = judge(
            challenge,
            model=AppDevice,
            failures_allowed=settings.AUTHENTICATOR_APP_FAILURES,
            origin=origin,
            then=then,
            is_right=is_right,
            on_right=on_right,
        )
        if verdict.outcome is Outcome.EXPIRED and (until := _asked_until(challenge)):
            return replace(verdict, said=wording.is_asked(until))
        return spent(verdict) if seen[0].step != NONE else verdict

    def revoke(self, device: AppDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, seed=None)


def _asked_until(challenge: Challenge) -> datetime | None:
    """Until when the app answers staff alone, if that is why ``challenge`` took no answer."""
    if challenge.purpose == Purpose.CALLER:
        return None
    asked = AppDevice.objects.filter(
        pk=row_id(challenge.device),
        user_id=challenge.user_id,
        asked_until__gt=timezone.now(),
    )
    return asked.values_list("asked_until", flat=True).first()
