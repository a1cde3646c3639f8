"""Which limit applies, and whether a withdrawal stays within it. Pure.

Amounts are US dollars. A day is a day in New York, where the brokerage's banks are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from sls.algorithms.business_days import first_of

NO_FACTOR = "none"  # the row of who proves nothing, and of who opted out
BUSINESS_DAYS = 5
ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may leave in a day and in five business days; None is without limit."""

    day: Decimal | None
    five_days: Decimal | None

    def rank(self) -> tuple[Decimal, Decimal]:
        """Larger for the limit that allows more."""
        without = Decimal("Infinity")
        return (
            without if self.day is None else self.day,
            without if self.five_days is None else self.five_days,
        )


Table = Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One that was made before."""

    at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    """What has left already today, and in the five business days that end today."""

    day: Decimal = Decimal(0)
    five_days: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allowed:
    """``left`` is what may still leave after it."""

    left: Limit


@dataclass(frozen=True, slots=True)
class Above:
    """More than ``limit``; ``left`` is what could still leave. Such a request is exceptional: the
    brokerage has to know the destination, or speak with the client."""

    limit: Limit
    left: Limit


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing leaves before ``until``, whatever the limit."""

    until: datetime


Decision = Allowed | Above | Held


def of_method(method: str, *, table: Table, opted_out: bool = False) -> Limit:
    """The limit of a request that ``method`` authenticated.

    A method that the table does not know is worth no more than none.
    """
    return table[NO_FACTOR] if opted_out or method not in table else table[method]


def best(held: Iterable[str], *, table: Table, opted_out: bool = False) -> str:
    """The method with the highest limit among those held, of equals the first; ``NO_FACTOR`` when
    none is held or counts."""
    found = [] if opted_out else list(held)
    return max(found, key=lambda method: of_method(method, table=table).rank(), default=NO_FACTOR)


def preview(
    held: Sequence[str],
    *,
    table: Table,
    opted_out: bool = False,
    adding: str = "",
    losing: str = "",
) -> Limit:
    """The limit that is there for whoever holds ``held`` (one entry a device), or would be after
    one more of a method, or after one of them is gone."""
    after = list(held)
    if losing in after:
        after.remove(losing)
    if adding:
        after.append(adding)
    return of_method(best(after, table=table, opted_out=opted_out), table=table)


def decide(
    amount: Decimal,
    *,
    method: str,
    table: Table,
    spent: Spent,
    now: datetime,
    held_until: Iterable[datetime] = (),
    opted_out: bool = False,
) -> Decision:
    """Whether ``amount`` may leave now, on the word of ``method``. A hold comes before all.

    Raises ``ValueError`` for an amount that is none.
    """
    if not amount.is_finite() or amount <= 0:
        raise ValueError("an amount is more than nothing")
    until = max((at for at in held_until if at > now), default=None)
    if until is not None:
        return Held(until)
    limit = of_method(method, table=table, opted_out=opted_out)
    day, five_days = _left(limit.day, spent.day), _left(limit.five_days, spent.five_days)
    if any(left is not None and amount > left for left in (day, five_days)):
        return Above(limit, Limit(day, five_days))
    return Allowed(Limit(_left(day, amount), _left(five_days, amount)))


def _left(most: Decimal | None, spent: Decimal) -> Decimal | None:
    return None if most is None else max(most - spent, Decimal(0))


def spent(history: Iterable[Withdrawal], *, now: datetime) -> Spent:
    """What of ``history`` counts at ``now``. What left on a weekend or holiday counts with the
    business day before it."""
    today = now.astimezone(ZONE).date()
    since = first_of(BUSINESS_DAYS, until=today)
    made = [(one.at.astimezone(ZONE).date(), one.amount) for one in history]
    return Spent(
        day=_sum(made, since=today, until=today), five_days=_sum(made, since=since, until=today)
    )


def _sum(made: Iterable[tuple[date, Decimal]], *, since: date, until: date) -> Decimal:
    return sum((amount for day, amount in made if since <= day <= until), Decimal(0))


def crossing(table: Table) -> tuple[str, str] | None:
    """Two rows of which one allows more a day and the other more in five days, or None.

    Between such rows "the higher limit" would mean nothing.
    """
    rows = sorted(table, key=lambda row: table[row].rank())
    for lower, higher in pairwise(rows):
        if table[lower].rank()[1] > table[higher].rank()[1]:
            return lower, higher
    return None
