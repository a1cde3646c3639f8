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


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("", ""),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0", "Chrome on Windows"),
        ("\x00\x01", "an unknown program"),
        ("Call-800-555-0100-bot/1.0", "an unknown program"),
        ("Foo Bar SecurityTeam Bot/2 Windows", "Windows"),
        ("PleaseVisit evil.com crawler", "an unknown program"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Version/18.1 Mobile/1 Safari/6",
            "Mobile Safari on iOS",
        ),
    ],
)
def test_a_device_is_told_in_words(agent, said):
    assert facts.device_in_words(agent) == said
