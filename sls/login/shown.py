"""What a step shows: read from the tables, nothing changed."""

from datetime import datetime

from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.challenges.rules import Bar, Sending
from accounts.challenges.sending import may_send
from accounts.contacts.rules import masked_phone
from accounts.outbox import services as outbox
from accounts.outbox import wording as delivery_wording
from accounts.outbox.models import Channel
from sls.login import wording
from sls.login.models import Attempt
from sls.login.steps import AskAnswer, AskMethod, Option, Problem, Resend
from sls.methods import registry
from sls.methods.protocol import DeviceRow

SENT_METHODS = {"sms"}


def methods(devices: list[DeviceRow], error: Problem | None = None) -> AskMethod:
    """The chooser; what was used last is preselected."""
    used = [row for row in devices if row.last_used_at]
    preferred = max(used, key=lambda row: row.last_used_at, default=devices[0])
    return AskMethod([option(row, preferred=row is preferred) for row in devices], error)


def option(row: DeviceRow, *, preferred: bool = False) -> Option:
    name = masked_phone(row.destination) if row.destination else row.name
    label = f"{registry.get(row.method).label} – {name}"
    return Option(row.id, row.method, label, row.last_used_at, preferred)


def question(attempt: Attempt, error: Problem | None = None) -> AskAnswer:
    """The code page of the attempt's present challenge; at most two queries."""
    challenge, now = attempt.challenge, timezone.now()
    message = resend = None
    if challenge.method in SENT_METHODS:
        sends = outbox.code_sends(challenge.destination, now)
        resend = _resend(attempt, challenge, may_send(challenge, sends, now), now)
        message = delivery_wording.delivery(outbox.latest(str(challenge.pk)), now)
    return AskAnswer(
        method=challenge.method,
        destination=masked_phone(challenge.destination) if challenge.destination else "",
        call_destination=masked_phone(challenge.destination) if challenge.destination else "",
        reference=challenge.reference,
        delivery=message,
        resend=resend,
        expires_at=challenge.expires_at,
        expired=not challenge.is_open(now),
        enrolling=attempt.enrolling,
        error=error,
    )


def _resend(attempt: Attempt, challenge: Challenge, sending: Sending, now: datetime) -> Resend:
    options = [Channel.SMS.value, Channel.VOICE.value]
    if not challenge.is_open(now) and sending.bar is Bar.CHALLENGE_CAP:
        sending = Sending(now, None, 1)  # a new challenge has sends of its own
    if sending.bar in (None, Bar.SPACING):
        return Resend(sending.seconds(now), sending.at, options, sending.left)
    reason = wording.of_bar(sending.bar, sending.at, sending.seconds(now)).text
    return Resend(sending.seconds(now), sending.at, options, 0, reason)
