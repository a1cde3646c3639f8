from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods.device import Authenticator, Then, end, judge
from sls.methods.passkey import options, place, reading, services, wording
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.passkey.rules import Flaw
from sls.methods.protocol import DeviceRow, Enrolment, Reading
from sls.methods.rows import unsent
from sls.methods.rules import Place, Strength


class Passkey:
    """A passkey: the device checks that it is you, and answers our address alone."""

    code = services.CODE
    label = _("Passkey")
    answer = ""
    risk = _(
        "It works on our address only, so a fake page gets nothing. Whoever can unlock your device "
        "can use it."
    )
    strength = Strength.PHISHING_RESISTANT
    permanent = True
    channels = ()
    amr = "swk"  # no attestation is asked for, so hardware ("hwk") is never proven
    model = PasskeyDevice

    @property
    def lives_on(self) -> Place:
        return place.of_new()

    def devices(self, user_id: int) -> QuerySet[PasskeyDevice]:
        mine = PasskeyDevice.objects.filter(PasskeyDevice.live(), user_id=user_id)
        return unsent(mine).annotate(lives_on=place.of_row())

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        device = services.pending(user)
        challenge = services.open_challenge(
            services.row_of(device), user=user, purpose=Purpose.ENROLMENT, bound_to=bound_to
        )
        return Enrolment(device, challenge, self.enrolling(challenge))

    def enrolling(self, challenge: Challenge) -> Mapping[str, Any]:
        mine = PasskeyDevice.objects.filter(user_id=challenge.user_id, revoked_at=None)
        made = options.to_make(
            challenge=challenge.question,
            user=challenge.user,
            handle=services.get(challenge).user_handle,
            present=mine.filter(confirmed=True),
            seconds=settings.ENROLMENT_LIFE,
        )
        return {"options": made}

    def asking(self, challenge: Challenge) -> Mapping[str, Any]:
        device = services.get(challenge)
        asked = options.to_answer(
            challenge=challenge.question,
            of=[device] if device.may_prove else [],
            seconds=settings.SECURITY_CODE_LIFE,
        )
        return {"options": asked, "name": device.name}

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
        return services.open_challenge(device, user=user, purpose=purpose, bound_to=bound_to)

    def read(self, text: str, challenge: Challenge) -> Reading:
        if not text.strip():
            return Reading(problem=wording.nothing_sent())
        is_made = challenge.purpose == Purpose.ENROLMENT
        credential = reading.registration(text) if is_made else reading.assertion(text)
        if credential is None:
            return Reading(problem=wording.not_a_passkey())
        return Reading(reading.dumped(credential))

    def looks_like(self, text: str) -> bool:
        return False  # nobody types one

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        try:
            verdict, flaw = self._judge(challenge, answer, origin, then)
        except IntegrityError:
            # Somebody registered the same credential at this very moment: now it is there.
            verdict, flaw = self._judge(challenge, answer, origin, then)
        if flaw is Flaw.COUNTER:
            services.record_counter_back(challenge, origin=origin)
        return wording.spoken(verdict, flaw)

    def _judge(
        self, challenge: Challenge, answer: str, origin: Origin, then: Then | None
    ) -> tuple[Verdict, Flaw | None]:
        check = services.made if challenge.purpose == Purpose.ENROLMENT else services.answered
        found: list[Any] = []

        def is_right(locked: Challenge, device: Authenticator) -> bool:
            found.append(check(locked, device, answer))
            return not isinstance(found[0], Flaw)

        verdict = judge(
            challenge,
            model=PasskeyDevice,
            failures_allowed=settings.PASSKEY_FAILURES,
            origin=origin,
            then=then,
            is_right=is_right,
            on_right=lambda device: services.keep(device, found[0], origin=origin),
        )
        flaw = found[0] if found and isinstance(found[0], Flaw) else None
        return verdict, flaw

    def revoke(self, device: PasskeyDevice, *, user: User, origin: Origin, why: str) -> None:
        end(device, method=self.code, user=user, origin=origin, why=why, public_key=None)
