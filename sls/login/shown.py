"""What a step shows: read from the tables, nothing changed."""

from collections.abc import Iterable
from dataclasses import fields, replace

from accounts.challenges import shown
from accounts.challenges.wording import Problem
from accounts.contacts.kinds import PHONE
from accounts.contacts.rules import masked_phone, shown_phone
from accounts.contacts.services import refusal_of_texts
from accounts.contacts.wording import of_refusal
from accounts.outbox.models import Channel
from sls.login.models import Attempt
from sls.login.steps import AskAnswer, AskMethod, Option
from sls.methods import registry
from sls.methods.protocol import DeviceRow


def methods(devices: list[DeviceRow], error: Problem | None = None) -> AskMethod:
    """The chooser; what was used last is preselected, but never codes that only stand in."""
    lasting = [row for row in devices if not registry.is_spare(row)] or devices
    used = [row for row in lasting if row.last_used_at]
    preferred = max(used, key=lambda row: row.last_used_at, default=lasting[0])
    return AskMethod([option(row, preferred=row is preferred) for row in devices], error)


def option(row: DeviceRow, *, preferred: bool = False) -> Option:
    """The authenticator as a choice."""
    return Option(row.id, row.method, registry.label(row), row.last_used_at, preferred)


def question(
    attempt: Attempt, error: Problem | None = None, *, ways: Iterable[DeviceRow] = ()
) -> AskAnswer:
    """The code page of the attempt's present challenge; at most two queries, three when nothing
    was sent. Of ``ways``, the others than the one that is asked can be chosen there.

    The number is whole only while it is being enrolled, where a typing error must be seen.
    """
    challenge = attempt.challenge
    number = challenge.destination
    base = shown.question(
        challenge,
        destination=_destination(number, whole=attempt.enrolling),
        options=registry.get(challenge.method).channels,
    )
    of_base = {field.name: getattr(base, field.name) for field in fields(base)}
    of_base |= {"enrolling": attempt.enrolling}
    if base.delivery is not None and not base.delivery.status:
        refusal = refusal_of_texts(user_id=challenge.user_id, number=number)
        if refusal is not None:
            of_base["unsent"] = of_refusal(refusal, PHONE)
            options = [channel for channel in base.resend.options if channel != Channel.SMS]
            of_base["resend"] = replace(base.resend, options=options)
    others = [option(row) for row in ways if row.id != challenge.device]
    return AskAnswer(**of_base, alternatives=others, error=error)


def _destination(number: str, *, whole: bool) -> str:
    if not number:
        return ""
    return shown_phone(number) if whole else masked_phone(number)
