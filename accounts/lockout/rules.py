"""How long a name waits after wrong passwords. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Limits:
    """From the settings: waits grow from ``slowed``, the lock falls at ``locked``."""

    slowed: int
    locked: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """``until`` is when the next try is accepted (None: now); ``locked`` says it is the lock.

    ``failures`` counts the wrong passwords of the window.
    """

    until: datetime | None = None
    locked: bool = False
    failures: int = 0


def standing(now: datetime, limits: Limits, *, count: int, last_at: datetime | None) -> Standing:
    """What ``count`` failures, the last at ``last_at``, mean at ``now``."""
    if last_at is None or now >= last_at + limits.window:
        return Standing()
    if count >= limits.locked:
        return Standing(last_at + limits.window, locked=True, failures=count)
    if count >= limits.slowed:
        until = last_at + FIRST_WAIT * 2 ** (count - limits.slowed)
        if now < until:
            return Standing(until, failures=count)
    return Standing(failures=count)
