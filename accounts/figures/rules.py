"""Figures as plain values, and which delivery is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

AHEAD = timedelta(minutes=5)  # by which the clock of a system may be ahead of ours


@dataclass(frozen=True, slots=True)
class Position:
    """What is held of one symbol; short where ``quantity`` is below zero. ``value`` is in
    ``currency``."""

    quantity: Decimal
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Figures:
    """An account as of a time. The three amounts are in ``currency``; positions by symbol."""

    as_of: datetime
    currency: str
    cash: Decimal
    net_liquidation: Decimal
    margin_used: Decimal
    positions: Mapping[str, Position]


class Refusal(StrEnum):
    """Why a delivery is not kept."""

    ACCOUNT = "account"  # there is none of that number
    OLDER = "older"
    FUTURE = "future"


def refusal(as_of: datetime, *, kept: datetime | None, now: datetime) -> Refusal | None:
    """Why figures of ``as_of`` do not take the place of those of ``kept``; None if they do. The
    same time once more is a correction."""
    if as_of > now + AHEAD:
        return Refusal.FUTURE
    if kept is not None and as_of < kept:
        return Refusal.OLDER
    return None


def told(figures: Figures) -> dict[str, Any]:
    """As JSON, amounts as text; without the time."""
    return {
        "currency": figures.currency,
        "cash": str(figures.cash),
        "net_liquidation": str(figures.net_liquidation),
        "margin_used": str(figures.margin_used),
        "positions": {
            symbol: [str(one.quantity), str(one.value), one.currency]
            for symbol, one in figures.positions.items()
        },
    }


def read(kept: dict[str, Any], *, as_of: datetime) -> Figures:
    """What ``told`` made into JSON."""
    positions = {
        symbol: Position(Decimal(quantity), Decimal(value), currency)
        for symbol, (quantity, value, currency) in kept["positions"].items()
    }
    return Figures(
        as_of=as_of,
        currency=kept["currency"],
        cash=Decimal(kept["cash"]),
        net_liquidation=Decimal(kept["net_liquidation"]),
        margin_used=Decimal(kept["margin_used"]),
        positions=MappingProxyType(positions),
    )
