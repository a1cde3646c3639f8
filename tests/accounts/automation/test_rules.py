"""What meets a rule, from plain values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.automation import rules
from accounts.automation.rules import Calls, Does, Kind, Untimely

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


def calls(*reports: tuple[float, int, int]) -> list[Calls]:
    """Each so many seconds after ``NOW``: count, seconds."""
    return [Calls(NOW + timedelta(seconds=at), count, span) for at, count, span in reports]


@pytest.mark.parametrize(
    ("reports", "most"),
    [
        ([], 0),
        ([(0, 60, 60)], 60),
        ([(0, 60, 1)], 60),
        # Another span is spread over it.
        ([(0, 120, 120)], 60),
        ([(0, 100, 3600)], 1),
        # Half a burst each, near each other, and far.
        ([(0, 30, 10), (20, 31, 10)], 61),
        ([(0, 30, 10), (51, 31, 10)], 58),
        ([(0, 30, 10), (70, 31, 10)], 31),
        # Reports that come every minute, a little early or late, are not counted twice.
        ([(0, 50, 60), (60, 50, 60), (119.5, 50, 60), (180, 50, 60)], 50),
        # Single calls.
        ([(at, 1, 1) for at in range(200)], 60),
        ([(at / 10, 1, 1) for at in range(100)], 100),
    ],
)
def test_the_busiest_minute(reports, most):
    assert rules.busiest(calls(*reports)) == most


REPORTS = st.lists(
    st.tuples(st.integers(-90, 90), st.integers(1, 50), st.integers(1, 120)), max_size=12
)


@given(REPORTS, st.randoms())
def test_the_order_in_which_reports_come_does_not_matter(reports, chance):
    shuffled = list(reports)
    chance.shuffle(shuffled)
    assert rules.busiest(calls(*reports)) == rules.busiest(calls(*shuffled))


@given(REPORTS)
def test_agrees_with_adding_up_second_by_second(reports):
    def within(end: int) -> float:
        return sum(
            count * max(0, min(at, end) - max(at - span, end - 60)) / span
            for at, count, span in reports
        )

    slow = max((within(end) for end in range(-300, 300)), default=0)
    assert rules.busiest(calls(*reports)) == int(slow + 1e-6)


def test_ten_thousand_reports_take_no_time_to_speak_of():
    many = calls(*((at / 50, 1, 1 + at % 60) for at in range(10_000)))
    assert rules.busiest(many) > 2000


@pytest.mark.parametrize(
    ("ago", "why"),
    [
        (timedelta(0), None),
        (-rules.AHEAD, None),
        (-rules.AHEAD - timedelta(seconds=1), Untimely.FUTURE),
        (rules.LATEST - timedelta(seconds=1), None),
        (rules.LATEST, Untimely.LATE),
    ],
)
def test_an_event_is_of_the_last_day(ago, why):
    assert rules.untimely(NOW - ago, now=NOW) == why


@pytest.mark.parametrize(
    ("amount", "interface", "met"),
    [
        ("50000.01", "api", True),
        ("50000.01", "tws_api", True),
        ("50000", "api", False),
        ("9000000", "tws", False),
        ("9000000", "portal", False),
        ("9000000", "", False),
    ],
)
def test_only_orders_of_programs_meet_a_rule(amount, interface, met):
    most = Decimal(50_000)
    assert rules.is_order_met(amount=Decimal(amount), interface=interface, most=most) == met


@pytest.mark.parametrize(
    ("does", "kind", "stops", "ago", "told"),
    [
        (Does.TELL, Kind.CALLS, False, None, True),
        (Does.TELL, Kind.CALLS, False, timedelta(minutes=59), False),
        (Does.TELL, Kind.CALLS, False, timedelta(minutes=60), True),
        (Does.TELL, Kind.ORDER, False, timedelta(minutes=1), False),
        (Does.TELL, Kind.BANK, False, timedelta(0), True),
        (Does.STOP, Kind.CALLS, True, timedelta(0), True),
        (Does.STOP, Kind.CALLS, False, timedelta(0), False),
    ],
)
def test_what_goes_on_is_told_once_an_hour_and_every_stop_is(does, kind, stops, ago, told):
    told_at = None if ago is None else NOW - ago
    assert rules.is_told(does, kind, stops=stops, told_at=told_at, now=NOW) == told
