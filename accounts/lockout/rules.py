"""How long a name waits after wrong passwords, and who may prove who they are at all. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


def tries_left(limits: Limits, failures: int) -> int | None:
    """How many more wrong passwords there may be before the lock; None while they are many."""
    return max(0, limits.locked - failures) if failures >= limits.slowed else None


class Bar(StrEnum):
    """Why nobody is let in by that user name now."""

    INACTIVE = "inactive"
    FROZEN = "frozen"
    LOCKED = "locked"


def may_authenticate(
    *, active: bool, frozen: bool, locked: bool, by_passkey: bool = False, to_thaw: bool = False
) -> Bar | None:
    """None when a proof of this user may lead to anything, else why it may not.

    Every way to a session or a grant asks this when it begins and again when it ends, inside the
    transaction that opens what it leads to (CVE-2026-9798 and its kin): nobody decides it anew.
    ``locked`` is that of the counter under which the password was judged, so wrong passwords of a
    stranger bar no browser that is known; ``by_passkey`` is said of a proof that no password is
    part of, or that resists being relayed: such a one passes a lock. ``frozen`` says that the owner
    stopped everything, and no proof passes that but the one way back (``to_thaw``), which leads to
    nothing but what comes after a freeze. Whatever else may bar a person is added here, and so
    holds for every way in.
    """
    if not active:
        return Bar.INACTIVE
    if frozen and not to_thaw:
        return Bar.FROZEN
    return Bar.LOCKED if locked and not by_passkey else None
