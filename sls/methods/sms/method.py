from datetime import timedelta

from django.conf import settings
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.sending import send_code
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods.device import judge
from sls.methods.protocol import DeviceRow, Strength
from sls.methods.sms import services
from sls.methods.sms.models import PhoneDevice


class Sms:
    """A code sent by text message, or read out by a voice call."""

    code = "sms"
    label = _("Text message or voice call")
    strength = Strength.TELEPHONE
    code_length = 6
    channels = (Channel.SMS, Channel.VOICE)
    amr = "sms"
    model = PhoneDevice

    def devices(self, user_id: int) -> QuerySet[PhoneDevice]:
        refused = Q(phone__sms_refused_by_carrier=True) | Q(phone__opted_out_at__isnull=False)
        return PhoneDevice.objects.filter(
            user_id=user_id, confirmed=True, disabled_at=None, revoked_at=None
        ).annotate(
            destination=F("phone__number"),
            takes_sms=Case(
                When(refused, then=Value(False)), default=Value(True), output_field=BooleanField()
            ),
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
        challenge = challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            destination=device.destination,
            life=timedelta(seconds=settings.SECURITY_CODE_LIFE),
            tries=settings.TRIES_PER_CHALLENGE,
            code=codes.numeric(self.code_length),
            with_reference=True,
        )
        # A number that takes no text messages is only called when its owner asks for it: a
        # telephone that rings unasked teaches people to obey calls.
        channel = delivery or (Channel.SMS if device.takes_sms else None)
        if channel:
            send_code(challenge, user=user, channel=channel, origin=origin, planned=True)
        return challenge

    def verify(self, challenge: Challenge, digits: str) -> Verdict:
        return judge(
            challenge,
            model=PhoneDevice,
            failures_allowed=settings.SMS_FAILURES,
            is_right=lambda locked, _device: challenges.holds(locked, digits),
        )

    def revoke(self, device: PhoneDevice, *, user: User, origin: Origin, why: str) -> None:
        services.revoke(device, user=user, origin=origin, why=why)
