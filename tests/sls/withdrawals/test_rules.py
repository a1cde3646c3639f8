"""Limits that follow the factor, and that what is shown beforehand is what is decided."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.withdrawals.rules import (
    NO_FACTOR,
    Above,
    Allowed,
    Held,
    Limit,
    Spent,
    Withdrawal,
    best,
    crossing,
    decide,
    of_method,
    preview,
    spent,
)

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # a Wednesday
TABLE = {
    NO_FACTOR: Limit(Decimal(50), Decimal(100)),
    "codes": Limit(Decimal(50), Decimal(100)),
    "sms": Limit(Decimal(200), Decimal(600)),
    "app": Limit(Decimal(200), Decimal(600)),
    "key": Limit(Decimal(1000), Decimal(1000)),
    "card": Limit(None, None),
}
METHODS = ["codes", "sms", "app", "key", "card"]


def ask(amount: int, *, method: str = "sms", day: int = 0, five_days: int = 0, **more):
    figures = Spent(Decimal(day), Decimal(five_days))
    return decide(Decimal(amount), method=method, table=TABLE, spent=figures, now=NOW, **more)


@pytest.mark.parametrize(("method", "most"), [("codes", 50), ("sms", 200), ("key", 1000)])
def test_the_method_that_was_used_sets_the_limit(method, most):
    assert isinstance(ask(most, method=method), Allowed)
    assert isinstance(ask(most + 1, method=method), Above)


def test_without_limit_everything_may_leave():
    assert ask(10**12, method="card") == Allowed(Limit(None, None))


def test_an_unknown_method_is_worth_no_more_than_none():
    assert of_method("abacus", table=TABLE) == TABLE[NO_FACTOR]


def test_who_opted_out_has_the_limit_of_none_whatever_is_used():
    assert ask(51, method="card", opted_out=True) == Above(
        TABLE[NO_FACTOR], Limit(Decimal(50), Decimal(100))
    )


def test_above_the_limit_both_numbers_are_told():
    assert ask(150, day=100, five_days=500) == Above(
        TABLE["sms"], Limit(Decimal(100), Decimal(100))
    )


def test_the_five_days_can_bar_what_the_day_would_allow():
    assert ask(150, day=0, five_days=500) == Above(TABLE["sms"], Limit(Decimal(200), Decimal(100)))


def test_what_is_left_afterwards_is_told():
    assert ask(150, day=20, five_days=20) == Allowed(Limit(Decimal(30), Decimal(430)))


def test_what_was_spent_beyond_leaves_nothing():
    assert ask(1, day=300, five_days=300) == Above(TABLE["sms"], Limit(Decimal(0), Decimal(300)))


def test_a_hold_comes_before_the_limit_and_the_longest_counts():
    later = NOW + timedelta(hours=24)
    holds = [NOW + timedelta(hours=1), later, NOW - timedelta(hours=1)]
    assert ask(1, method="card", held_until=holds) == Held(later)


def test_a_hold_that_is_over_holds_nothing():
    assert isinstance(ask(1, held_until=[NOW]), Allowed)


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_amount_is_a_fault(amount):
    with pytest.raises(ValueError):
        ask(Decimal(amount))


def made(day: str, amount: int) -> Withdrawal:
    return Withdrawal(datetime.fromisoformat(f"{day}T12:00-05:00"), Decimal(amount))


def test_counts_today_and_five_business_days():
    history = [
        made("2026-11-18", 1),
        made("2026-11-17", 2),
        made("2026-11-14", 4),  # Saturday
        made("2026-11-12", 8),  # Thursday, the first of five: Veterans Day was no business day
        made("2026-11-11", 16),
    ]
    assert spent(history, now=NOW) == Spent(Decimal(1), Decimal(15))


def test_a_day_ends_in_new_york():
    late = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)  # 22:00 of the 18th there
    assert spent([made("2026-11-18", 5)], now=late).day == 5
    assert spent([made("2026-11-18", 5)], now=late + timedelta(hours=3)).day == 0


def test_what_lies_ahead_is_not_spent():
    assert spent([made("2026-11-19", 5)], now=NOW) == Spent()


def test_the_best_of_what_is_held_counts():
    assert best(["codes", "key", "sms"], table=TABLE) == "key"
    assert best([], table=TABLE) == NO_FACTOR


def test_one_of_two_can_go_without_harm():
    assert preview(["key", "key", "sms"], table=TABLE, losing="key") == TABLE["key"]
    assert preview(["key", "sms"], table=TABLE, losing="key") == TABLE["sms"]


def test_rows_that_cross_are_found():
    assert crossing(TABLE) is None
    crossed = {**TABLE, "app": Limit(Decimal(300), Decimal(500))}
    assert crossing(crossed) == ("sms", "app")


amounts = st.integers(0, 2000).map(Decimal)


@given(
    held=st.lists(st.sampled_from(METHODS), max_size=5),
    adding=st.sampled_from(["", *METHODS]),
    losing=st.sampled_from(["", *METHODS]),
    opted_out=st.booleans(),
    amount=st.integers(1, 2000).map(Decimal),
    day=amounts,
    before=amounts,
)
def test_the_preview_is_what_will_be_decided(held, adding, losing, opted_out, amount, day, before):
    shown = preview(held, table=TABLE, opted_out=opted_out, adding=adding, losing=losing)
    # The change is made, and every factor that there is then is tried.
    after = [*held, *([adding] if adding else [])]
    if losing in held:
        after.remove(losing)
    decisions = [
        decide(
            amount,
            method=method,
            table=TABLE,
            spent=Spent(day, day + before),
            now=NOW,
            opted_out=opted_out,
        )
        for method in after or [NO_FACTOR]
    ]
    fits = all(
        most is None or spent + amount <= most
        for most, spent in ((shown.day, day), (shown.five_days, day + before))
    )
    assert any(isinstance(one, Allowed) for one in decisions) == fits
    assert shown in [of_method(one, table=TABLE, opted_out=opted_out) for one in after] or not after


@given(st.lists(st.sampled_from(METHODS), max_size=5), st.sampled_from(METHODS))
def test_more_factors_never_lower_the_limit(held, more):
    before = preview(held, table=TABLE)
    assert preview(held, table=TABLE, adding=more).rank() >= before.rank()
