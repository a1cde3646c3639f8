from datetime import UTC, datetime, timedelta

import pytest

from accounts.lockout.rules import Bar, Limits, may_authenticate, standing, tries_left

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


@pytest.mark.parametrize(
    ("active", "locked", "by_passkey", "bar"),
    [
        (True, False, False, None),
        (True, False, True, None),
        (True, True, False, Bar.LOCKED),
        (True, True, True, None),
        (False, False, False, Bar.INACTIVE),
        (False, True, False, Bar.INACTIVE),
        (False, True, True, Bar.INACTIVE),
    ],
)
def test_bars_who_is_closed_always_and_who_is_locked_but_by_a_passkey(
    active, locked, by_passkey, bar
):
    found = may_authenticate(active=active, frozen=False, locked=locked, by_passkey=by_passkey)
    assert found is bar


@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.parametrize("by_passkey", [True, False])
def test_bars_every_proof_while_everything_is_stopped_but_the_one_way_back(locked, by_passkey):
    facts = {"active": True, "locked": locked, "by_passkey": by_passkey}
    assert may_authenticate(frozen=True, **facts) is Bar.FROZEN
    by_way_back = may_authenticate(frozen=True, to_thaw=True, **facts)
    assert by_way_back is may_authenticate(frozen=False, **facts)
    closed = facts | {"active": False, "to_thaw": True}
    assert may_authenticate(frozen=True, **closed) is Bar.INACTIVE


@pytest.mark.parametrize(("failures", "left"), [(0, None), (4, None), (5, 5), (9, 1), (10, 0)])
def test_says_how_many_are_left_once_they_are_few(failures, left):
    assert tries_left(LIMITS, failures) == left
