"""How a flagged transaction stands, and what may still be said of it. Pure."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

WHAT_MAX = 120
REASON_MAX = 200
EXTERNAL_MAX = 64
MOST_OPEN = 10  # questions of one client, from which on systems add none
OLDEST = timedelta(days=366)  # of which staff ask
# Of which a system asks; and by which its clock may be ahead of ours.
FIRST, AHEAD = datetime(2000, 1, 1, tzinfo=UTC), timedelta(minutes=5)
AMOUNT_DIGITS, AMOUNT_PLACES = 18, 2
MOST = Decimal("1000000000000")
_CURRENCY = re.compile(r"[A-Z]{3}")


class State(StrEnum):
    """What became of the question."""

    WAITING = "waiting"
    MINE = "mine"
    NOT_MINE = "not_mine"
    UNANSWERED = "unanswered"
    RELEASED = "released"


class Silent(StrEnum):
    """Why the client is not called."""

    ANSWERED = "answered"
    NO_NUMBER = "no_number"  # none that is verified, older than a few days and of an old SIM card
    CALLING = "calling"
    TOO_OFTEN = "too_often"


class Untimely(StrEnum):
    """Why a system asks of no transaction of that time."""

    LATE = "late"
    FUTURE = "future"


# What still holds.
HOLDING = frozenset({State.WAITING, State.UNANSWERED, State.NOT_MINE})
# What staff may still let go on, on the client's word.
RELEASABLE = frozenset({State.WAITING, State.UNANSWERED})


def state(stored: str, *, now: datetime, expires_at: datetime) -> State:
    """How it stands at ``now``: a question whose time is over is unanswered before anybody says
    so."""
    if stored == State.WAITING and now >= expires_at:
        return State.UNANSWERED
    return State(stored)


def untimely(at: datetime, *, now: datetime) -> Untimely | None:
    """Why a system asks of no transaction that was asked for ``at``; None if it may."""
    if at > now + AHEAD:
        return Untimely.FUTURE
    return Untimely.LATE if at < FIRST else None


def may_answer(state: State, *, mine: bool) -> bool:
    """Whether the client may still say so: "not mine" as long as nothing went on, "mine" in
    time."""
    if mine:
        return state is State.WAITING
    return state in (State.WAITING, State.UNANSWERED)


def is_amount(amount: Decimal, currency: str) -> bool:
    """Whether it is an amount of money: above nothing, two places at most, an ISO 4217 code."""
    if not amount.is_finite() or not 0 < amount < MOST:
        return False
    return amount == round(amount, AMOUNT_PLACES) and bool(_CURRENCY.fullmatch(currency))
