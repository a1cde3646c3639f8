"""What a page shows of a code that was sent: read from the tables, nothing changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.challenges import sending, wording
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Bar, Sending
from accounts.outbox import services as outbox
from accounts.outbox.errors import Advice
from accounts.outbox.models import Channel, Status
from accounts.outbox.outage import services as outage
from accounts.outbox.outage.wording import away as outage_in_words
from accounts.outbox.wording import Delivery, delivery


@dataclass(frozen=True, slots=True)
class Resend:
    """When the code may be sent again: in ``after_seconds``, at ``at``, by one of ``options``.

    ``reason`` says why not at all, or "".
    """

    after_seconds: int
    at: datetime | None
    options: Sequence[str]
    sends_left: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is the code? ``delivery`` and ``resend`` are None for codes that are not sent.

    ``challenge`` is what the authenticator is to answer, "" where it needs nothing; ``shown`` is
    what the method's own page needs besides. ``outage`` says which channel is away, or "".
    """

    method: str
    destination: str
    reference: str
    delivery: Delivery | None
    resend: Resend | None
    expires_at: datetime
    life: int  # seconds
    expired: bool
    challenge: str = ""
    enrolling: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict)
    outage: str = ""

    @property
    def call_destination(self) -> str:
        return self.destination


def question(
    challenge: Challenge,
    *,
    destination: str,
    options: Sequence[str],
    shown: Mapping[str, Any] | None = None,
) -> Question:
    """The code page of ``challenge``; ``options`` are the channels by which it may be sent."""
    now = timezone.now()
    message = resend = None
    away: frozenset[str] = frozenset()
    is_open = challenge.is_open(now)
    if options:
        latest, sends = challenge.just_sent or outbox.news(
            str(challenge.pk), challenge.destination, now
        )
        decided = sending.may_send(challenge, sends, now)
        resend = _resend(decided, options, is_open=is_open, now=now)
        away = outage.away().intersection(options)
        message = _steered(delivery(latest, now), away)
    return Question(
        method=challenge.method,
        destination=destination,
        reference=challenge.reference,
        delivery=message,
        resend=resend,
        expires_at=challenge.expires_at,
        life=int((challenge.expires_at - challenge.created_at).total_seconds()),
        expired=not is_open,
        challenge=challenge.question,
        shown=shown or {},
        outage=outage_in_words(away),
    )


def _steered(line: Delivery, away: frozenset[str]) -> Delivery:
    """The delivery line while a channel is away: the other one is the next best thing."""
    hopeful = line.channel in ("", Channel.SMS) and line.status != Status.DELIVERED
    if Channel.SMS in away and Channel.VOICE not in away and hopeful:
        return replace(line, advice=Advice.VOICE.value)
    if Channel.VOICE in away and Channel.SMS not in away and line.channel == Channel.VOICE:
        return replace(line, advice=Advice.SMS.value)
    return line


def _resend(decided: Sending, options: Sequence[str], *, is_open: bool, now: datetime) -> Resend:
    if not is_open and decided.bar is Bar.CHALLENGE_CAP:
        decided = Sending(now, None, 1)  # a new challenge has sends of its own
    seconds = decided.seconds(now)
    if decided.bar in (None, Bar.SPACING):
        return Resend(seconds, decided.at, options, decided.left)
    return Resend(seconds, decided.at, [], 0, wording.of_sending(decided, now).text)
