"""How long a name waits after wrong passwords. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WAITS_FROM = 5
LOCKS_AT = 10
WINDOW = timedelta(hours=24)
FIRST_WAIT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """``until`` is when the next try is accepted (None: now); ``locked`` says it is the lock."""

    until: datetime | None = None
    locked: bool = False


def standing(now: datetime, *, count: int, last_at: datetime | None) -> Standing:
    """What ``count`` failures, the last at ``last_at``, mean at ``now``."""
    if last_at is None or now >= last_at + WINDOW:
        return Standing()
    if count >= LOCKS_AT:
        return Standing(last_at + WINDOW, locked=True)
    if count >= WAITS_FROM:
        until = last_at + FIRST_WAIT * 2 ** (count - WAITS_FROM)
        return Standing(until) if now < until else Standing()
    return Standing()
