"""When a range of numbers is stopped, tried, and let go again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Width(StrEnum):
    """How much of the network a range covers."""

    THOUSAND = "thousand"
    MILLION = "million"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers that are judged together; ``key`` is their first digits, or the country."""

    key: str
    width: Width


@dataclass(frozen=True, slots=True)
class Gauge:
    """Codes sent to strangers in a range within the window, and those of them that were used."""

    sends: int
    used: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The least of sends that is judged, and the share of used codes (0 to 1) below which a range
    is stopped."""

    least: int
    share: float


WIDENS = 3  # stopped ranges side by side that stop the wider one around them
KNOWN_WITHIN = 5  # sends to a number of which one was used: then it is known
FIRST_REST = timedelta(minutes=15)
LONGEST_REST = timedelta(hours=12)  # as long as Twilio's own guard blocks a prefix


def ranges(number: str, country: str) -> tuple[Range, Range, Range]:
    """The ranges of a number (E.164), the narrowest first."""
    return (
        Range(number[:-3], Width.THOUSAND),
        Range(number[:-6], Width.MILLION),
        Range(country, Width.COUNTRY),
    )


def is_pumped(gauge: Gauge, limits: Limits) -> bool:
    """Whether a range looks as if nobody read what is sent there.

    Also codes that are still on their way count as not used: a pump is fast, and each used code
    vouches for several that are not.
    """
    return gauge.sends > limits.least and gauge.used < limits.share * gauge.sends


def is_known(used: list[bool]) -> bool:
    """Whether a number is known, from its last sends, the newest first."""
    return any(used[:KNOWN_WITHIN])


def rest(rounds: int) -> timedelta:
    """How long a range rests before its next trial, after ``rounds`` trials that came to nothing.

    Twice as long each time.
    """
    return min(LONGEST_REST, FIRST_REST * 2 ** min(rounds, 10))


def next_trial(rounds: int, now: datetime) -> datetime:
    """When the next single code is let through."""
    return now + rest(rounds)
