from datetime import UTC, datetime, timedelta

import pytest

from accounts import references
from accounts.callers import rules
from accounts.callers.rules import Proof
from accounts.challenges.rules import Outcome

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "evaluated", "proof"),
    [
        (Outcome.OK, True, Proof.PASSED),
        (Outcome.WRONG, True, Proof.ASKED),
        (Outcome.USED, True, Proof.ASKED),
        (Outcome.EXPIRED, False, Proof.ASKED),
        (Outcome.WAITING, False, Proof.ASKED),
        (Outcome.NO_TRIES, True, Proof.FAILED),
        (Outcome.NO_TRIES, False, Proof.ASKED),
        (Outcome.DISABLED, True, Proof.FAILED),
        (Outcome.DISABLED, False, Proof.FAILED),
    ],
)
def test_what_an_answer_makes_of_a_caller(outcome, evaluated, proof):
    assert rules.after(outcome, evaluated=evaluated) is proof


@pytest.mark.parametrize(
    ("proof", "asks", "is_open", "may"),
    [
        (Proof.NONE, 0, True, True),
        (Proof.ASKED, 2, True, True),
        (Proof.ASKED, 3, True, False),
        (Proof.NONE, 0, False, False),
        (Proof.PASSED, 1, True, False),
        (Proof.FAILED, 1, True, False),
    ],
)
def test_when_a_caller_may_be_asked(proof, asks, is_open, may):
    assert rules.may_ask(proof, asks=asks, is_open=is_open) is may


def test_a_reference_is_good_for_half_an_hour_unless_it_is_ended():
    end = NOW + rules.LIFE
    assert timedelta(minutes=30) == rules.LIFE
    assert rules.is_open(end - timedelta(seconds=1), expires_at=end, ended_at=None)
    assert not rules.is_open(end, expires_at=end, ended_at=None)
    assert not rules.is_open(NOW, expires_at=end, ended_at=NOW)


def test_what_stands_in_for_no_reference_is_none():
    assert references.read(rules.NO_REFERENCE) is None
    assert len(rules.NO_REFERENCE) == references.LENGTH
