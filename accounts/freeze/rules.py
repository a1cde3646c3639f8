"""What a freeze stops, and when it may end. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

NOTHING, CLOSE_ONLY, NONE = "nothing", "close_only", "none"
_ORDER = (NOTHING, CLOSE_ONLY, NONE)


def wider(one: str, other: str) -> str:
    """Which of two choices stops more of the trading: a freeze never gives any of it back."""
    return max(one, other, key=_ORDER.index)


def thaws_at(asked_at: datetime | None, wait: timedelta) -> datetime | None:
    """When the owner's wish to go on may come true; None while there is none."""
    return asked_at + wait if asked_at else None


def may_thaw(now: datetime, asked_at: datetime | None, wait: timedelta) -> bool:
    """Whether the wait after the owner's proof is over."""
    at = thaws_at(asked_at, wait)
    return at is not None and now >= at


def two_persons(names: Iterable[str]) -> bool:
    """Whether these are two people and not one of them twice."""
    return len({name.casefold() for name in names}) == 2
