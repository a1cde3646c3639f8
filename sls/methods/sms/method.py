from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.sending import send_code
from accounts.challenges.wording import Problem
from accounts.contacts.reached import primary_phone
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.outbox.outage import services as outage
from accounts.users.models import User
from sls.methods import reading
from sls.methods.device import Then, end, judge, row_id
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rules import Place, Strength
from sls.methods.sms import services
from sls.methods.sms.models import PhoneDevice


class Sms:
    """A code sent by text message, or read out by a voice call."""

    code = services.CODE
    label = _("Text message or voice call")
    answer = _("a code from a text message or a call")
    risk = _(
        "Somebody who takes over your telephone number (SIM swap) gets the codes. A passkey has "
        "no number to take over."
    )
    strength = Strength.TELEPHONE
    permanent = False
    channels = (Channel.SMS, Channel.VOICE)
    amr = "sms"
    model = PhoneDevice
    lives_on = Place.SIM

    def devices(self, user_id: int) -> QuerySet[PhoneDevice]:
        refused = Q(phone__sms_refused_by_carrier=True) | Q(phone__opted_out_at__isnull=False)
        return PhoneDevice.objects.filter(PhoneDevice.live(), user_id=user_id).annotate(
            destination=F("phone__number"),
            takes_sms=Case(
                When(refused, then=Value(False)), default=Value(True), output_field=BooleanField()
            ),
        )

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        phone = primary_phone(user.pk)
        if phone is None:
            return Problem("no_number", gettext("Verify a mobile number first."))
        row = services.pending(user=user, phone=phone)
        device = PhoneDevice.objects.get(pk=row_id(row.id))
        if device.confirmed or not device.may_prove:
            return Problem("taken", gettext("That number is one of your ways to sign in already."))
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
        challenge = challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method=self.code,
            device=device.id,
            bound_to=bound_to,
            destination=device.destination,
            life=timedelta(seconds=settings.SECURITY_CODE_LIFE),
            tries=settings.TRIES_PER_CHALLENGE,
            code=codes.numeric(codes.CODE_LENGTH),
            with_reference=True,
        )
        # A number that takes no text messages is only called when its owner asks for it: a
        # telephone that rings unasked teaches people to obey calls.
        channel = delivery or (Channel.SMS if device.takes_sms else None)
        if delivery is None and channel and outage.comes_first(channel) is not channel:
            channel = None
        if channel:
            send_code(
                challenge,
                user=user,
                channel=channel,
                origin=origin,
                planned=True,
                sensitive=device.sensitive,
            )
        return challenge

    def read(self, text: str, challenge: Challenge) -> Reading:
        return reading.digits(text, challenge, length=codes.CODE_LENGTH)

    def looks_like(self, text: str) -> bool:
        return reading.are_digits(text, length=codes.CODE_LENGTH, referenced=True)

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        return judge(
            challenge,
            model=PhoneDevice,
            failures_allowed=settings.SMS_FAILURES,
            origin=origin,
            then=then,
            is_right=lambda locked, _device: challenges.holds(locked, answer),
        )

    def revoke(self, device: PhoneDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, phone=None)
