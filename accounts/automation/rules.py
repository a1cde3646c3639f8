"""What meets a rule of a client's. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

# Calls a minute that a client may choose.
RATES = (10, 30, 60, 120, 300)
MINUTE = timedelta(minutes=1)
LONGEST = timedelta(hours=1)  # over which calls are counted
LATEST = timedelta(hours=24)  # how late an event may be
AHEAD = timedelta(minutes=5)  # by which the clock of a system may be ahead of ours
QUIET = timedelta(hours=1)  # in which what goes on is not told again
_ROUNDING = 1e-6


class Kind(StrEnum):
    """What is reported, and what a rule is about."""

    CALLS = "api_calls"
    BANK = "bank_instruction"
    ORDER = "order"


class Does(StrEnum):
    """What happens when a rule is met."""

    TELL = "tell"
    STOP = "stop"


# Orders over these come from programs.
PROGRAMS = frozenset({"api", "tws_api"})


@dataclass(frozen=True, slots=True)
class Calls:
    """So many calls in so many ``seconds`` that ended ``at``."""

    at: datetime
    count: int
    seconds: int

    @property
    def began(self) -> datetime:
        return self.at - timedelta(seconds=self.seconds)


class Untimely(StrEnum):
    """Why the time of an event is refused."""

    LATE = "late"
    FUTURE = "future"


def untimely(at: datetime, *, now: datetime) -> Untimely | None:
    """Why an event of that time is not taken."""
    if at > now + AHEAD:
        return Untimely.FUTURE
    return Untimely.LATE if at <= now - LATEST else None


def busiest(reports: Sequence[Calls]) -> int:
    """The most calls in any minute, rounded down. What was counted over another span is spread
    evenly over it. The order of ``reports`` does not matter."""
    if not reports:
        return 0
    so_far = _growth(reports)
    ends = {one.at for one in reports} | {one.began + MINUTE for one in reports}
    most = max(so_far(end) - so_far(end - MINUTE) for end in ends)
    return int(most + _ROUNDING)


def _growth(reports: Sequence[Calls]) -> Callable[[datetime], float]:
    """How many calls there were up to a time: steeper from where a report begins to its end."""
    bends = [(one.began, one.count / one.seconds) for one in reports]
    bends += [(one.at, -one.count / one.seconds) for one in reports]
    times, totals, slopes = [], [], []
    total = slope = 0.0
    for at, bend in sorted(bends):
        if times:
            total += slope * (at - times[-1]).total_seconds()
        slope += bend
        times.append(at)
        totals.append(total)
        slopes.append(slope)

    def so_far(at: datetime) -> float:
        place = bisect_right(times, at) - 1
        if place < 0:
            return 0.0
        return totals[place] + slopes[place] * (at - times[place]).total_seconds()

    return so_far


def can_be_met(rate: int, *, most: int, reported: bool) -> bool:
    """Whether a program can ever make more than ``rate`` calls a minute. One that calls us by a
    token is refused from the call after ``most`` on, which is still counted; calls elsewhere are
    bounded by nobody here, and known where they are ``reported``."""
    return reported or rate <= most


def is_order_met(*, amount: Decimal, interface: str, most: Decimal) -> bool:
    """Whether an order is above ``most`` and comes from a program."""
    return interface in PROGRAMS and amount > most


def is_told(
    does: Does, kind: Kind, *, stops: bool, told_at: datetime | None, now: datetime
) -> bool:
    """Whether the owner is told of a rule that is met. Each stop and each bank instruction is;
    what goes on, once in ``QUIET``."""
    if (does is Does.STOP and stops) or kind is Kind.BANK:
        return True
    return told_at is None or now - told_at >= QUIET
