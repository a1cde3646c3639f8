from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.outbox import rules

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
STATES = st.tuples(st.sampled_from(sorted(rules.RUNGS)), st.sampled_from(sorted(rules.STEPS)))


@given(STATES)
def test_a_repeat_is_not_forward(state):
    assert not rules.is_forward(*state, *state)


@given(STATES, STATES)
def test_no_two_states_lead_to_each_other(one, other):
    assert not (rules.is_forward(*one, *other) and rules.is_forward(*other, *one))


@given(st.sampled_from(sorted(rules.FINAL)), STATES)
def test_nothing_follows_the_end(final, state):
    assert not rules.is_forward(final, "", *state)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("queued", ""), ("sending", "")),
        (("sending", ""), ("unknown", "")),
        (("unknown", ""), ("sent", "queued")),
        (("sent", "queued"), ("sent", "sent")),
        (("sent", "ringing"), ("sent", "answered")),
        (("sending", ""), ("delivered", "")),
        (("unknown", ""), ("failed", "")),
    ],
)
def test_the_ladder_is_climbed(old, new):
    assert rules.is_forward(*old, *new)
    assert not rules.is_forward(*new, *old)


def wait(**given):
    facts = {"tries": 1, "now": NOW, "expires_at": NOW + timedelta(seconds=300), "jitter": 1.0}
    return rules.retry_after("sms", **{**facts, "asked": None, **given})


def test_waits_double_and_are_spread():
    assert [wait(tries=n) for n in (1, 2, 3)] == [0.5, 1, 2]
    assert wait(tries=2, jitter=0.25) == 0.25


def test_the_fourth_try_is_the_last():
    assert wait(tries=4) is None


def test_the_provider_may_ask_for_more_time():
    assert wait(asked=7) == 7


def test_no_retry_in_the_last_minute():
    assert wait(expires_at=NOW + timedelta(seconds=60)) is None
    assert wait(asked=241) is None
    assert wait(asked=240) == 240


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("a" * 160, (160, 160)),
        ("[]", (4, 160)),
        ("€", (2, 160)),
        ("’", (1, 70)),
        ("コード", (3, 70)),
        ("😀", (2, 70)),
    ],
)
def test_text_is_counted_as_carriers_do(text, units):
    assert rules.units(text) == units


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(300, 5), (299.9, 5), (270, 4), (120, 2), (90, 1), (20, 1)]
)
def test_minutes_are_never_overstated(seconds, minutes):
    assert rules.minutes_left(NOW, NOW + timedelta(seconds=seconds)) == minutes


AGES = st.timedeltas(timedelta(0), timedelta(days=30))
KNOWN = st.none() | AGES.map(lambda age: NOW - age)
# A provider's clock may be ahead.
TOLD = st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=30)).map(lambda age: NOW - age)
WITHIN = st.none() | AGES


@given(KNOWN, TOLD, WITHIN)
def test_no_answer_takes_a_change_of_sim_back(known, told_at, told_within):
    last = rules.last_swap(known, told_at=told_at, told_within=told_within, now=NOW)
    assert known is None or last >= known


@given(KNOWN, TOLD, WITHIN)
def test_no_change_of_sim_lies_ahead(known, told_at, told_within):
    last = rules.last_swap(known, told_at=told_at, told_within=told_within, now=NOW)
    assert last is None or last <= NOW


@given(KNOWN, TOLD, WITHIN)
def test_the_same_answer_again_is_no_other_change(known, told_at, told_within):
    told = {"told_at": told_at, "told_within": told_within, "now": NOW}
    once = rules.last_swap(known, **told)
    assert rules.last_swap(once, **told) == once


@given(KNOWN)
def test_nothing_told_is_nothing_new(known):
    assert rules.last_swap(known, told_at=None, told_within=None, now=NOW) == known


def test_a_change_without_its_moment_may_be_of_this_instant():
    day = timedelta(hours=24)
    old = NOW - timedelta(days=9)
    assert rules.last_swap(None, told_at=None, told_within=day, now=NOW) == NOW
    assert rules.last_swap(old, told_at=None, told_within=day, now=NOW) == NOW


@given(KNOWN, AGES)
def test_a_new_sim_is_new_exactly_as_long_as_it_says(swapped_at, wait):
    until = rules.new_sim_until(swapped_at, wait=wait, now=NOW)
    assert (until is not None) == (swapped_at is not None and swapped_at + wait > NOW)
    if until is not None:
        assert rules.new_sim_until(swapped_at, wait=wait, now=until) is None
