"""When a ceiling changes, and what is above it, from plain values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.ceilings import rules
from accounts.ceilings.rules import Breach, Ceilings, Effect, Known, Order, Standing

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
DAY, FRESH = timedelta(hours=24), timedelta(minutes=15)
LATER = NOW + DAY
D = Decimal


def change(standing: Standing, wanted: int | None) -> tuple[Standing, Effect]:
    return rules.changed(standing, None if wanted is None else D(wanted), now=NOW, delay=DAY)


@pytest.mark.parametrize(
    ("standing", "wanted", "after", "effect"),
    [
        (Standing(), None, Standing(), Effect.NOTHING),
        (Standing(), 5, Standing(D(5)), Effect.LOWERED),
        (Standing(D(5)), 5, Standing(D(5)), Effect.NOTHING),
        (Standing(D(5)), 4, Standing(D(4)), Effect.LOWERED),
        (Standing(D(5)), 0, Standing(D(0)), Effect.LOWERED),
        (Standing(D(5)), 6, Standing(D(5), D(6), LATER), Effect.RAISED),
        (Standing(D(5)), None, Standing(D(5), None, LATER), Effect.RAISED),
        # While a raise waits: less ends it, the same leaves it, more waits anew.
        (Standing(D(5), D(9), NOW + FRESH), 4, Standing(D(4)), Effect.LOWERED),
        (Standing(D(5), D(9), NOW + FRESH), 9, None, Effect.NOTHING),
        (Standing(D(5), D(9), NOW + FRESH), 7, Standing(D(5), D(7), NOW + FRESH), Effect.RAISED),
        (Standing(D(5), D(9), NOW + FRESH), 10, Standing(D(5), D(10), LATER), Effect.RAISED),
        (Standing(D(5), D(9), NOW + FRESH), None, Standing(D(5), None, LATER), Effect.RAISED),
        (Standing(D(5), None, NOW + FRESH), 7, Standing(D(5), D(7), NOW + FRESH), Effect.RAISED),
        # One whose time has come is what holds.
        (Standing(D(5), D(9), NOW), 9, Standing(D(9)), Effect.NOTHING),
        (Standing(D(5), D(9), NOW), 6, Standing(D(6)), Effect.LOWERED),
        (Standing(D(5), None, NOW), 6, Standing(D(6)), Effect.LOWERED),
    ],
)
def test_less_holds_at_once_and_more_waits(standing, wanted, after, effect):
    assert change(standing, wanted) == (after or standing, effect)


AMOUNTS = st.none() | st.integers(0, 9).map(Decimal)


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, st.integers(0, 30)), max_size=8))
def test_nothing_allows_more_within_its_day(first, steps):
    """Whatever is asked for in whatever order: what holds at a time was asked for a day before, or
    is no more than what held then."""
    standing, now, asked = Standing(first), NOW, [(NOW - DAY, first)]
    held = first
    for wanted, hours in steps:
        now += timedelta(hours=hours)
        standing, effect = rules.changed(standing, wanted, now=now, delay=DAY)
        asked.append((now, wanted))
        holds = rules.settled(standing, now=now).value
        if rules.is_above(holds, held):
            # Whatever rose is at most what was asked for a day ago or earlier.
            old = [one for at, one in asked if at <= now - DAY]
            assert any(not rules.is_above(holds, one) for one in old)
        held = holds
        assert effect in Effect


ACCOUNT = Known(NOW, position=D(0), margin_used=D(0), net=D(1000))


def known(**changed: object) -> Known:
    usual = {"as_of": NOW, "position": D(0), "margin_used": D(0), "net": D(1000)}
    return Known(**usual | changed)


def breach(order: Order, ceilings: Ceilings, of: Known | None = ACCOUNT) -> Breach | None:
    return rules.breach(order, ceilings, of, now=NOW, fresh=FRESH)


def buy(amount: int, **more: object) -> Order:
    return Order(D(amount), "AAPL", sells=False, **more)


def sell(amount: int, **more: object) -> Order:
    return Order(D(amount), "AAPL", sells=True, **more)


SIZE, POSITION, MARGIN = Ceilings(order=D(100)), Ceilings(position=D(100)), Ceilings(margin=D(50))


@pytest.mark.parametrize(
    ("order", "ceilings", "of", "why"),
    [
        (Order(), Ceilings(), None, None),
        (buy(10**9), Ceilings(), None, None),
        (Order(), SIZE, ACCOUNT, Breach.UNTOLD),
        (Order(D(100)), SIZE, None, None),
        (Order(D("100.01")), SIZE, None, Breach.ORDER),
        (Order(D(1)), Ceilings(order=D(0)), None, Breach.ORDER),
        # Where figures are needed and not there, old, or cannot be told: no.
        (Order(), POSITION, ACCOUNT, Breach.UNTOLD),
        (Order(D(1)), POSITION, ACCOUNT, Breach.UNTOLD),
        (Order(D(1), "AAPL"), MARGIN, ACCOUNT, Breach.UNTOLD),
        (Order(D(1), sells=False), POSITION, ACCOUNT, Breach.UNTOLD),
        (buy(1), POSITION, None, Breach.FIGURES),
        (buy(1), MARGIN, None, Breach.FIGURES),
        (buy(1), POSITION, known(as_of=NOW - FRESH), None),
        (buy(1), POSITION, known(as_of=NOW - FRESH - timedelta(seconds=1)), Breach.FIGURES),
        (buy(1), POSITION, known(position=None), Breach.FIGURES),
        (buy(1), MARGIN, known(margin_used=None), Breach.FIGURES),
        (buy(1), MARGIN, known(net=None), Breach.FIGURES),
        # Positions, long and short.
        (buy(100), POSITION, ACCOUNT, None),
        (buy(101), POSITION, ACCOUNT, Breach.POSITION),
        (sell(101), POSITION, ACCOUNT, Breach.POSITION),
        (buy(1), POSITION, known(position=D(100)), Breach.POSITION),
        (sell(200), POSITION, known(position=D(100)), None),
        (sell(201), POSITION, known(position=D(100)), Breach.POSITION),
        (buy(200), POSITION, known(position=D(-100)), None),
        (sell(1), POSITION, known(position=D(-100)), Breach.POSITION),
        # What makes too large a position smaller is let through.
        (sell(400), POSITION, known(position=D(500)), None),
        (buy(400), POSITION, known(position=D(-500)), None),
        # What was allowed since counts on its side, and frees nothing on the other.
        (buy(60), POSITION, known(bought=D(40)), None),
        (buy(61), POSITION, known(bought=D(40)), Breach.POSITION),
        (buy(61), POSITION, known(bought=D(40), sold=D(90)), Breach.POSITION),
        (sell(101), POSITION, known(bought=D(90)), Breach.POSITION),
        (sell(61), POSITION, known(sold=D(40)), Breach.POSITION),
        # Margin: all of the amount, unless less is said.
        (buy(500), MARGIN, ACCOUNT, None),
        (buy(501), MARGIN, ACCOUNT, Breach.MARGIN),
        (buy(900, margin=D(450)), MARGIN, ACCOUNT, None),
        (buy(900, margin=D(450)), MARGIN, known(margin_used=D(51)), Breach.MARGIN),
        (buy(900, margin=D(450)), MARGIN, known(margin_since=D(51)), Breach.MARGIN),
        (buy(1, margin=D(0)), MARGIN, known(margin_used=D(501)), Breach.MARGIN),
        (buy(1, margin=D(0)), MARGIN, known(net=D(0)), Breach.MARGIN),
        (buy(1, margin=D(0)), MARGIN, known(net=D(-1)), Breach.MARGIN),
        (sell(10), MARGIN, known(margin_used=D(900), position=D(10)), None),
        (sell(11), MARGIN, known(margin_used=D(900), position=D(10)), Breach.MARGIN),
    ],
)
def test_what_is_above_a_ceiling_or_cannot_be_judged_is_refused(order, ceilings, of, why):
    assert breach(order, ceilings, of) == why


def test_what_only_makes_a_position_smaller_uses_no_margin():
    assert rules.margin_of(sell(10), known(position=D(10))) == 0
    assert rules.margin_of(sell(11), known(position=D(10))) == 11
    assert rules.margin_of(buy(7, margin=D(3)), ACCOUNT) == 3


@given(
    st.integers(-300, 300),
    st.lists(st.tuples(st.booleans(), st.integers(1, 200)), max_size=12),
    st.integers(0, 200),
)
def test_no_row_of_allowed_orders_leads_beyond_the_ceiling(start, orders, ceiling):
    """However they are filled, or not: beyond the ceiling only as far as it was before."""
    bought = sold = Decimal(0)
    for sells, amount in orders:
        of = known(position=D(start), bought=bought, sold=sold)
        order = sell(amount) if sells else buy(amount)
        if breach(order, Ceilings(position=D(ceiling)), of) is None:
            sold, bought = sold + amount * sells, bought + amount * (not sells)
    assert start + bought <= max(ceiling, start)
    assert start - sold >= min(-ceiling, start)


def test_figures_of_a_clock_that_is_ahead_leave_open_what_is_in_them():
    assert rules.counted_since(NOW - FRESH, now=NOW) == NOW - FRESH
    assert rules.counted_since(NOW, now=NOW) == NOW
    assert rules.counted_since(NOW + FRESH, now=NOW) == NOW - rules.AHEAD
