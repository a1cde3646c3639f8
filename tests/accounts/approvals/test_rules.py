"""Who may be the second person."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.approvals.rules import Bar, bar

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SOUND = {
    "asker": ("sam", "P-1"),
    "decider": ("tess", "P-2"),
    "subject": ("alice", "P-3"),
    "has_power": True,
    "asker_works": True,
    "is_open": True,
    "now": NOW,
    "expires_at": NOW + timedelta(minutes=30),
}


def test_another_person_with_the_power_decides():
    assert bar(**SOUND) is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"decider": ("sam", "P-1")}, Bar.OWN),
        ({"decider": ("SAM", "")}, Bar.OWN),
        ({"decider": ("sam.private", "P-1")}, Bar.OWN),
        ({"decider": ("alice.staff", "P-3")}, Bar.NOT_YOURS),
        ({"has_power": False}, Bar.NOT_YOURS),
        ({"asker": ("alice.staff", "P-3")}, Bar.ENDED),
        ({"asker_works": False}, Bar.ENDED),
        ({"is_open": False}, Bar.ENDED),
        ({"now": NOW + timedelta(minutes=30)}, Bar.ENDED),
    ],
)
def test_nobody_else_does(wrong, why):
    assert bar(**SOUND | wrong) is why


def test_the_owner_is_the_second_person_of_their_own():
    assert bar(**SOUND | {"decider": ("alice", "P-3"), "subject": ()}) is None


def test_people_without_a_number_are_told_apart_by_name():
    nameless = {"asker": ("sam", ""), "decider": ("tess", ""), "subject": ("alice", "")}
    assert bar(**SOUND | nameless) is None
