from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.transactions import rules
from accounts.transactions.rules import State

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("stored", list(State))
def test_only_what_waits_runs_out(stored):
    assert rules.state(stored, now=NOW, expires_at=NOW + SECOND) is stored
    late = rules.state(stored, now=NOW, expires_at=NOW)
    assert late is (State.UNANSWERED if stored is State.WAITING else stored)


@pytest.mark.parametrize(
    ("state", "mine", "may"),
    [
        (State.WAITING, True, True),
        (State.WAITING, False, True),
        (State.UNANSWERED, True, False),
        (State.UNANSWERED, False, True),
        *[
            (one, said, False)
            for one in (State.MINE, State.NOT_MINE, State.RELEASED)
            for said in (True, False)
        ],
    ],
)
def test_what_may_still_be_said(state, mine, may):
    assert rules.may_answer(state, mine=mine) is may


def test_what_the_client_refused_is_never_released_by_staff():
    assert State.NOT_MINE in rules.HOLDING
    assert State.NOT_MINE not in rules.RELEASABLE


@pytest.mark.parametrize(
    ("amount", "currency", "ok"),
    [
        ("0.01", "USD", True),
        ("25000", "JPY", True),
        ("0", "USD", False),
        ("-5", "USD", False),
        ("0.001", "USD", False),
        ("NaN", "USD", False),
        ("Infinity", "USD", False),
        ("1000000000000", "USD", False),
        ("1", "usd", False),
        ("1", "US$", False),
    ],
)
def test_what_is_an_amount(amount, currency, ok):
    assert rules.is_amount(Decimal(amount), currency) is ok
