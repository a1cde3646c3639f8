"""What a step shows: read from the tables, nothing changed."""

from dataclasses import fields

from accounts.challenges import shown
from accounts.challenges.wording import Problem
from accounts.contacts.rules import masked_phone
from accounts.outbox.models import Channel
from sls.login.models import Attempt
from sls.login.steps import AskAnswer, AskMethod, Option
from sls.methods import registry
from sls.methods.protocol import DeviceRow

CHANNELS = [Channel.SMS.value, Channel.VOICE.value]
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
    """The code page of the attempt's present challenge; at most two queries.

    The number is whole only while it is being enrolled, where a typing error must be seen.
    """
    challenge = attempt.challenge
    number = challenge.destination
    base = shown.question(
        challenge,
        destination=number if attempt.enrolling or not number else masked_phone(number),
        options=CHANNELS if challenge.method in SENT_METHODS else [],
    )
    of_base = {field.name: getattr(base, field.name) for field in fields(base)}
    return AskAnswer(**of_base | {"enrolling": attempt.enrolling}, error=error)
