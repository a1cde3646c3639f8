from datetime import UTC, datetime, timedelta

import pytest

from accounts.lockout.rules import Limits, standing

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
LIMITS = Limits(slowed=5, locked=10, window=timedelta(hours=24))


def after(count, seconds_ago):
    return standing(NOW, LIMITS, count=count, last_at=NOW - timedelta(seconds=seconds_ago))


def test_says_nothing_without_failures():
    assert standing(NOW, LIMITS, count=0, last_at=None).until is None


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_does_not_slow_the_first_four(count):
    assert after(count, 0).until is None


def test_waits_longer_each_time_from_the_fifth():
    waits = [(after(n, 0).until - NOW).total_seconds() for n in range(5, 10)]
    assert waits == [15, 30, 60, 120, 240]


def test_ends_a_wait():
    assert after(5, 15).until is None


def test_locks_at_ten_until_a_day_after_the_last():
    result = after(10, 3600)
    assert result.locked
    assert result.until == NOW + timedelta(hours=23)


def test_forgets_after_a_day():
    assert after(10, 86_400).until is None
