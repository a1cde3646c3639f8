from datetime import UTC, datetime

import pytest

from accounts.alerts import facts

AT = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/New_York", "Nov. 21, 2026, 2:05 a.m. EST (New York)"),
        ("Asia/Tokyo", "Nov. 21, 2026, 4:05 p.m. JST (Tokyo)"),
        ("Nowhere/At_All", "Nov. 21, 2026, 7:05 a.m. UTC (UTC)"),
        ("../etc/passwd", "Nov. 21, 2026, 7:05 a.m. UTC (UTC)"),
    ],
)
def test_a_moment_is_told_with_its_zone(zone, said):
    assert facts.when(AT, zone) == said
