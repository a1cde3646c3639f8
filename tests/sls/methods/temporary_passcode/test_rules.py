from datetime import UTC, datetime, timedelta

import pytest

from accounts.codes import Shape
from sls.methods.temporary_passcode import rules
from sls.methods.temporary_passcode.rules import Refusal, Stage

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_has_eight_upper_case_characters_that_nobody_mixes_up():
    made = {rules.new() for _ in range(500)}
    assert len(made) == 500
    assert {len(one) for one in made} == {8}
    assert set("".join(made)) == set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


@pytest.mark.parametrize(
    "typed", ["ABCD2345", "abcd2345", " abcd-2345 ", "ＡＢＣＤ２３４５", "ABCD 2345", "abcdー2345"]
)
def test_reads_what_was_meant(typed):
    assert rules.read(typed) == (Shape.WELL_FORMED, "ABCD2345")


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("", Shape.EMPTY),
        (" - ", Shape.EMPTY),
        ("ABCD234O", Shape.LETTERS),
        ("ABCD2340", Shape.LETTERS),
        ("ABCD234?", Shape.LETTERS),
        ("ABCD234", Shape.TOO_SHORT),
        ("ABCD23456", Shape.TOO_LONG),
        ("A" * 70, Shape.TOO_LONG),
    ],
)
def test_says_what_is_the_matter(typed, shape):
    assert rules.read(typed) == (shape, "")


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (timedelta(0), Stage.EVERYWHERE),
        (timedelta(days=2, seconds=-1), Stage.EVERYWHERE),
        (timedelta(days=2), Stage.CARD_ONLY),
        (timedelta(days=12, seconds=-1), Stage.CARD_ONLY),
        (timedelta(days=12), Stage.OVER),
    ],
)
def test_opens_everything_for_two_days_and_the_card_for_ten_more(after, stage):
    until = NOW + timedelta(days=2)
    at = rules.stage(NOW + after, until=until, card_until=until + timedelta(days=10))
    assert at is stage


FINE = {
    **dict.fromkeys(("staff", "frozen", "live", "in_a_row"), False),
    **dict.fromkeys(("active", "activated"), True),
}


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        ({}, None),
        ({"staff": True}, Refusal.STAFF),
        ({"active": False}, Refusal.CLOSED),
        ({"activated": False}, Refusal.NOT_ACTIVATED),
        ({"frozen": True}, Refusal.FROZEN),
        ({"live": True, "in_a_row": True}, Refusal.LIVE),
        ({"in_a_row": True}, Refusal.IN_A_ROW),
    ],
)
def test_is_issued_to_whom_it_may_be(fact, refusal):
    assert rules.refusal_to_issue(**FINE | fact) is refusal
