from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.methods.rules import Strength
from sls.policy import rules
from sls.policy.rules import DEMANDED, Stage, Standing

TODAY = date(2027, 3, 1)
days = st.dates(date(2026, 1, 1), date(2029, 1, 1))


def test_demands_nothing_without_a_policy():
    assert rules.standing([None, None], TODAY) == Standing()


@given(st.lists(st.none() | days), days)
def test_the_earliest_counts_from_its_day_on(begins, today):
    found = rules.standing(begins, today)
    known = [day for day in begins if day is not None]
    if not known:
        assert found == Standing()
    elif min(known) <= today:
        assert found == Standing(DEMANDED, since=min(known))
    else:
        assert found == Standing(coming=min(known))


@given(st.lists(days, min_size=1), days, days)
def test_is_never_loosened_by_one_policy_more(begins, more, today):
    assert rules.standing([*begins, more], today).least >= rules.standing(begins, today).least


@given(st.none() | days, days, st.sampled_from(list(Strength)), st.booleans())
def test_only_who_has_nothing_strong_is_let_in_to_enrol(begins, today, strength, holds):
    found = rules.standing([begins], today)
    day = found.enrol_only_from(strength=strength, holds_strong=holds)
    assert day == (None if holds or strength >= DEMANDED else begins)


BEGINS, MADE = date(2027, 3, 1), date(2027, 1, 10)


@pytest.mark.parametrize(
    ("ahead", "told", "stage"),
    [
        (50, set(), Stage.MADE),
        (-5, set(), Stage.MADE),
        (50, {Stage.MADE}, None),
        (8, {Stage.MADE}, None),
        (7, {Stage.MADE}, Stage.WEEK),
        (2, {Stage.MADE}, Stage.WEEK),
        (2, {Stage.MADE, Stage.WEEK}, None),
        (1, {Stage.MADE, Stage.WEEK}, Stage.DAY),
        (1, {Stage.MADE}, Stage.DAY),
        (1, {Stage.MADE, Stage.WEEK, Stage.DAY}, None),
        (1, {Stage.MADE, Stage.DAY}, None),
        (0, {Stage.MADE}, None),
    ],
)
def test_tells_when_it_is_made_and_a_week_and_a_day_before(ahead, told, stage):
    today = BEGINS - timedelta(days=ahead)
    assert rules.stage_due(begins=BEGINS, made=MADE, told=told, today=today) is stage


@pytest.mark.parametrize(("made", "ahead"), [(7, 7), (3, 3), (1, 1)])
def test_does_not_remind_of_what_was_only_just_told(made, ahead):
    found = rules.stage_due(
        begins=BEGINS,
        made=BEGINS - timedelta(days=made),
        told={Stage.MADE},
        today=BEGINS - timedelta(days=ahead),
    )
    assert found is None


@pytest.mark.parametrize(("ahead", "short"), [(14, 0), (20, 0), (13, 1), (0, 14), (-3, 17)])
def test_counts_the_days_of_notice_that_are_missing(ahead, short):
    found = rules.days_short(begins=TODAY + timedelta(days=ahead), today=TODAY, notice=14)
    assert found == short
