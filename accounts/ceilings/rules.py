"""When a change of a ceiling takes effect, and whether an order is above one. Pure.

None is no ceiling. Amounts are US dollars, short positions below zero; margin is in per cent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

AHEAD = timedelta(minutes=5)  # by which the clock of the books may be ahead of ours


class Kind(StrEnum):
    """What a ceiling is of."""

    ORDER = "order"
    POSITION = "position"
    MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class Standing:
    """A ceiling as it is kept: ``coming`` takes the place of ``value`` at ``turns_at``."""

    value: Decimal | None = None
    coming: Decimal | None = None
    turns_at: datetime | None = None


class Effect(StrEnum):
    """What a change does."""

    NOTHING = "nothing"
    LOWERED = "lowered"
    RAISED = "raised"  # at its time


def settled(standing: Standing, *, now: datetime) -> Standing:
    """How a ceiling stands at ``now``: what was to come and whose time has come is there."""
    if standing.turns_at is None or now < standing.turns_at:
        return standing
    return Standing(standing.coming)


def is_above(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether ``one`` allows more than ``other``."""
    return other is not None and (one is None or one > other)


def changed(
    standing: Standing, wanted: Decimal | None, *, now: datetime, delay: timedelta
) -> tuple[Standing, Effect]:
    """How a ceiling stands once ``wanted`` was asked for. Less holds at once, and ends what was to
    come; more waits. Of two raises the later one waits anew, unless it asks for less."""
    stands = settled(standing, now=now)
    if wanted == stands.value or (stands.turns_at is not None and wanted == stands.coming):
        return stands, Effect.NOTHING
    if not is_above(wanted, stands.value):
        return Standing(wanted), Effect.LOWERED
    waits = stands.turns_at is None or is_above(wanted, stands.coming)
    return Standing(stands.value, wanted, now + delay if waits else stands.turns_at), Effect.RAISED


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What holds on an account now."""

    order: Decimal | None = None
    position: Decimal | None = None
    margin: Decimal | None = None

    @property
    def take_figures(self) -> bool:
        """Whether it takes more than the order itself to judge it."""
        return self.position is not None or self.margin is not None


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of an order. ``margin`` is what it would use; its whole amount where that is
    not said."""

    amount: Decimal | None = None
    symbol: str = ""
    sells: bool | None = None
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The account as of a time, and what was allowed since: bought and sold of the symbol, and
    margin of whatever symbol. None is what cannot be told in US dollars."""

    as_of: datetime
    position: Decimal | None
    margin_used: Decimal | None
    net: Decimal | None
    bought: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    margin_since: Decimal = Decimal(0)


class Breach(StrEnum):
    """Why an order is not within the ceilings."""

    UNTOLD = "untold"  # the order does not say what it takes to judge it
    FIGURES = "figures"  # balances are missing, too old or cannot be read
    ORDER = "order_size"
    POSITION = "position"
    MARGIN = "margin"


def breach(
    order: Order, ceilings: Ceilings, known: Known | None, *, now: datetime, fresh: timedelta
) -> Breach | None:
    """Why ``order`` is not within ``ceilings``, or None. Figures older than ``fresh`` are none."""
    is_set = ceilings.order is not None or ceilings.take_figures
    if is_set and order.amount is None:
        return Breach.UNTOLD
    if ceilings.order is not None and order.amount > ceilings.order:
        return Breach.ORDER
    if not ceilings.take_figures:
        return None
    if not order.symbol or order.sells is None:
        return Breach.UNTOLD
    if known is None or now - known.as_of > fresh or known.position is None:
        return Breach.FIGURES
    worst = worst_of(order, known)
    if ceilings.position is not None and worst > ceilings.position:
        return Breach.POSITION
    if ceilings.margin is None or worst <= 0:
        return None
    return _margin(order, ceilings.margin, known)


def worst_of(order: Order, known: Known) -> Decimal:
    """The position on the side that the order adds to, if everything allowed on that side is
    filled and nothing on the other; below zero while the order only makes a position smaller."""
    if order.sells:
        return known.sold + order.amount - known.position
    return known.position + known.bought + order.amount


def margin_of(order: Order, known: Known) -> Decimal:
    """What it would use. What only makes a position smaller frees margin."""
    if worst_of(order, known) <= 0:
        return Decimal(0)
    return order.amount if order.margin is None else order.margin


def _margin(order: Order, most: Decimal, known: Known) -> Breach | None:
    if known.margin_used is None or known.net is None:
        return Breach.FIGURES
    total = known.margin_used + known.margin_since + margin_of(order, known)
    return Breach.MARGIN if known.net <= 0 or total * 100 > most * known.net else None


def counted_since(as_of: datetime, *, now: datetime) -> datetime:
    """From when on allowed orders may not be in the figures yet. Figures from a clock that is
    ahead of ours leave open how far."""
    return as_of if as_of <= now else now - AHEAD
