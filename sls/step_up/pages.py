"""What the pages of a step-up show: read from the tables, nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.challenges import shown
from accounts.contacts.rules import masked_phone
from accounts.sessions.models import Session
from sls.methods import registry
from sls.step_up import rules, wording
from sls.step_up.acts.act import Act
from sls.step_up.models import Pending
from sls.step_up.proofs import Way


@dataclass(frozen=True, slots=True)
class Window:
    """What needs no further proof in this session, in words, and until when."""

    words: str
    until: datetime
    life: int  # seconds


def window(row: Session | None) -> Window | None:
    """The open window of a session row; reads nothing else."""
    if row is None or row.verified_until is None or row.verified_until <= timezone.now():
        return None
    words = wording.of_window(row.verified_action)
    return Window(words, row.verified_until, int(rules.GRANTED.total_seconds()))


def common(pending: Pending, act: Act) -> dict:
    """What every page of a pending request shows."""
    return {
        "action": act.words,
        "cancel_url": act.back,
        "page_url": reverse("step_up", args=[pending.pk]),
        "answer_url": reverse("step_up_answer", args=[pending.pk]),
        "resend_url": reverse("step_up_resend", args=[pending.pk]),
        "confirm_url": reverse("step_up_confirm", args=[pending.pk]),
    }


def confirmation(pending: Pending) -> dict:
    """The request to be posted again, and what its grant opens besides: ``minutes``, or 0."""
    opens = rules.TABLE[pending.action].window
    return {
        "path": pending.path,
        "fields": pending.posted(),
        "expires_at": pending.expires_at,
        "minutes": int(rules.GRANTED.total_seconds()) // 60 if opens else 0,
    }


def code(pending: Pending, ways: Sequence[Way]) -> dict:
    """``step``: the question, or None; ``alternatives``: other ways to prove it; ``lapsed``: the
    way by which to be asked anew, where the code is not one that is sent again."""
    challenge = pending.challenge
    if challenge is None:
        return {"step": None, "alternatives": ways}
    method = registry.get(challenge.method)
    number = challenge.destination
    step = shown.question(
        challenge,
        destination=masked_phone(number) if number else "",
        options=method.channels,
        shown=registry.asked(challenge),
    )
    present = [way for way in ways if way.is_of(device=challenge.device, destination=number)]
    return {
        "step": step,
        "alternatives": [way for way in ways if way not in present],
        "lapsed": step.expired and not method.channels,
        "again": present[0] if present else None,
    }
