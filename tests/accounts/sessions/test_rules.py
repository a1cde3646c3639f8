from datetime import UTC, datetime, timedelta

import pytest

from accounts.sessions import rules

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "expires", "left"),
    [(0, 3600, 900), (60, 3600, 840), (0, 300, 300), (900, 3600, 0), (2000, 3600, 0), (0, -1, 0)],
)
def test_a_session_has_left_what_ends_first(seen, expires, left):
    found = rules.left(
        NOW,
        seen_at=NOW - timedelta(seconds=seen),
        idle_seconds=900,
        expires_at=NOW + timedelta(seconds=expires),
    )
    assert found == left


@pytest.mark.parametrize(("expires", "most"), [(3600, 3600), (0.9, 0), (-5, 0)])
def test_a_session_lasts_no_longer_than_its_longest_time(expires, most):
    assert rules.most(NOW, expires_at=NOW + timedelta(seconds=expires)) == most
