"""The ladder of a message, its retries, the length of a text, and changes of SIM. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Later rungs never give way to earlier ones. "unknown" is below "sent": the first word of the
# provider ends it.
RUNGS = {
    "queued": 0,
    "sending": 10,
    "unknown": 20,
    "sent": 30,
    "delivered": 100,
    "undelivered": 100,
    "failed": 100,
    "aborted": 100,
}
FINAL = frozenset(status for status, rung in RUNGS.items() if rung == 100)

# The provider's own words while a message is on its way, in the order they come.
STEPS = {
    "": 0,
    "sandbox": 0,
    "accepted": 1,
    "queued": 2,
    "initiated": 3,
    "sending": 3,
    "sent": 4,
    "ringing": 5,
    "answered": 6,
}


def is_forward(old_status: str, old_detail: str, new_status: str, new_detail: str) -> bool:
    """Whether a message may move; False for repeats, for what comes late, and after the end."""
    if old_status in FINAL:
        return False
    return _height(new_status, new_detail) > _height(old_status, old_detail)


def _height(status: str, detail: str) -> int:
    return RUNGS[status] + (STEPS.get(detail, 0) if status == "sent" else 0)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how fast a channel tries again what was surely not processed."""

    tries: int
    first: float  # seconds
    life_left: int  # seconds the message must still live
    most: float = float("inf")  # seconds between two tries


RETRIES = {
    "sms": Retries(4, 0.5, 60),
    "voice": Retries(4, 0.5, 60),
    # A mail server that greylists wants minutes, and mail lives longer.
    "email": Retries(8, 15, 60),
    # The one before is replaced, not repeated (RFC 8030 section 5.4), so it is tried to the end.
    "push": Retries(6, 1, 5),
    # Its life ends it: a receiver may be away for hours, and knows a repeated event by its id.
    "hook": Retries(1000, 4, 0, most=3600),
}


def retry_after(
    channel: str,
    *,
    tries: int,
    now: datetime,
    expires_at: datetime,
    asked: float | None,
    jitter: float,
) -> float | None:
    """Seconds until the next try after ``tries`` tries, or None to give up.

    Exponential with full jitter (``jitter`` from 0 to 1); never sooner than the provider
    ``asked`` for unless that is out of all measure; never when too little life would be left.
    """
    plan = RETRIES[channel]
    if tries >= plan.tries:
        return None
    wait = min(max(plan.first * 2.0 ** min(tries - 1, 30) * jitter, asked or 0), plan.most)
    if expires_at - (now + timedelta(seconds=wait)) < timedelta(seconds=plan.life_left):
        return None
    return wait


# GSM 03.38: the basic alphabet, and the characters of its extension, which take two places.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")


def units(text: str) -> tuple[int, int]:
    """The length of ``text`` as carriers count it, and how much one segment holds.

    GSM-7 septets of 160, or UTF-16 units of 70 as soon as one character is not in GSM-7.
    """
    if all(char in GSM_BASIC or char in GSM_EXTENDED for char in text):
        return len(text) + sum(char in GSM_EXTENDED for char in text), 160
    return len(text.encode("utf-16-le")) // 2, 70


def is_one_segment(text: str) -> bool:
    """Whether ``text`` travels as one SMS."""
    length, room = units(text)
    return length <= room


def minutes_left(now: datetime, expires_at: datetime) -> int:
    """Whole minutes, rounded down with five seconds' grace for the way; at least 1."""
    return max(1, int((expires_at - now).total_seconds() + 5) // 60)


def last_swap(
    known: datetime | None,
    *,
    told_at: datetime | None,
    told_within: timedelta | None,
    now: datetime,
) -> datetime | None:
    """The last change of SIM, from what was ``known`` and what a provider told ``now``.

    Told without its moment, it is the one that is known already where that fits, else it may have
    been this instant. Never earlier than what was known: no answer takes a change back.
    """
    if told_at is None and told_within is not None:
        told_at = known if known and known >= now - told_within else now
    return max((min(at, now) for at in (known, told_at) if at is not None), default=None)


def new_sim_until(
    swapped_at: datetime | None, *, wait: timedelta, now: datetime
) -> datetime | None:
    """Until when a SIM card counts as new; None when it does not, or nothing is known."""
    if swapped_at is None or swapped_at + wait <= now:
        return None
    return swapped_at + wait
