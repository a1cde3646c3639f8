"""What a step shows: read from the tables, nothing changed."""

from dataclasses import fields, replace

from accounts.challenges import shown
from accounts.challenges.wording import Problem
from accounts.contacts.kinds import PHONE
from accounts.contacts.reached import refusal_of_texts
from accounts.contacts.rules import masked_phone, shown_phone
from accounts.contacts.wording import of_refusal
from accounts.outbox.models import Channel
from sls.login import offers
from sls.login.models import Attempt
from sls.login.steps import AskAnswer, AskMethod
from sls.methods import registry
from sls.methods.protocol import DeviceRow


def methods(attempt: Attempt, error: Problem | None = None) -> AskMethod:
    """The chooser. One query."""
    offered = offers.options(offers.rows(attempt), attempt.used_here)
    why = offers.fewer(attempt)
    return AskMethod(offered, why=why, unlocking=attempt.unlocking, error=error)


def question(attempt: Attempt, error: Problem | None = None) -> AskAnswer:
    """The code page of the attempt's present challenge; at most two queries, three when nothing
    was sent, and one more where there are several ways to sign in.

    The number is whole only while it is being enrolled, where a typing error must be seen.
    """
    challenge = attempt.challenge
    number = challenge.destination
    base = shown.question(
        challenge,
        destination=_destination(number, whole=attempt.enrolling),
        options=registry.get(challenge.method).channels,
        shown=registry.asked(challenge),
    )
    of_base = {field.name: getattr(base, field.name) for field in fields(base)}
    of_base |= {"enrolling": attempt.enrolling, "unlocking": attempt.unlocking}
    offered = offers.choice(attempt)
    of_base |= _choice(attempt, offered)
    if base.delivery is not None and not base.delivery.status:
        refusal = refusal_of_texts(user_id=challenge.user_id, number=number)
        if refusal is not None:
            of_base["unsent"] = of_refusal(refusal, PHONE)
            options = [channel for channel in base.resend.options if channel != Channel.SMS]
            of_base["resend"] = replace(base.resend, options=options)
    return AskAnswer(**of_base, error=error)


def _choice(attempt: Attempt, offered: list[DeviceRow]) -> dict[str, object]:
    """What the page says of the way that is asked for, and of the others."""
    device = attempt.challenge.device
    options = offers.options(offered, attempt.used_here)
    return {
        "asked": next((one.label for one in options if one.id == device), ""),
        "why": offers.because(attempt, offered),
        "advice": offers.advice(attempt, offered),
        "alternatives": [one for one in options if one.id != device],
    }


def _destination(number: str, *, whole: bool) -> str:
    if not number:
        return ""
    return shown_phone(number) if whole else masked_phone(number)
