from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from sls.methods.rules import Strength
from sls.recovery import rules
from sls.recovery.rules import Ended, Facts, Goal, Leads, Person, Second, Stage, Standing, Way

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TELEPHONE, TYPED, APPROVAL, KEY = Strength


def person(strongest: int, *, least: int = 0, staff: bool = False) -> Person:
    return Person(staff=staff, strongest=strongest, least=least)


def test_every_pair_is_in_the_table():
    assert set(rules.TABLE) == set(product(Goal, Second))


@pytest.mark.parametrize("goal", Goal)
def test_mail_alone_leads_nowhere(goal):
    assert rules.leads(goal, Second.NOTHING, staff=False) is Leads.NOWHERE


@pytest.mark.parametrize("proof", set(Second) - {Second.STRONG})
def test_a_new_password_takes_a_strong_second_factor(proof):
    assert rules.leads(Goal.PASSWORD, proof, staff=False) is Leads.NOWHERE


def test_a_new_factor_never_comes_at_once():
    at_once = {rules.leads(Goal.FACTOR, proof, staff=False) for proof in Second}
    assert at_once == {Leads.NOWHERE, Leads.NEW_FACTOR_LATER}


def test_staff_get_no_new_factor_here():
    assert {rules.leads(Goal.FACTOR, proof, staff=True) for proof in Second} == {Leads.NOWHERE}


@pytest.mark.parametrize(
    ("who", "way", "proves"),
    [
        (person(TELEPHONE), TELEPHONE, Second.STRONG),
        (person(TELEPHONE), TYPED, Second.STRONG),
        (person(TYPED), TELEPHONE, Second.WEAK),
        (person(KEY), TELEPHONE, Second.WEAK),
        (person(KEY), TYPED, Second.STRONG),
        (person(KEY), KEY, Second.STRONG),
        (person(KEY, least=KEY), TYPED, Second.WEAK),
        (person(KEY, least=KEY), KEY, Second.STRONG),
        (person(TYPED, least=KEY), TYPED, Second.STRONG),
        (person(TELEPHONE, staff=True), TELEPHONE, Second.WEAK),
        (person(TELEPHONE, staff=True), TYPED, Second.STRONG),
    ],
)
def test_whoever_holds_more_is_asked_for_more(who, way, proves):
    assert rules.second(Way(way), who) is proves


def test_a_new_number_proves_nothing():
    assert rules.second(Way(TELEPHONE, settled=False), person(TELEPHONE)) is Second.NOTHING


def test_more_held_never_makes_a_way_prove_more():
    order = [Second.NOTHING, Second.WEAK, Second.STRONG]
    for way, weaker, stronger in product(Strength, Strength, Strength):
        if weaker <= stronger:
            less = order.index(rules.second(Way(way), person(stronger)))
            assert less <= order.index(rules.second(Way(way), person(weaker)))


def facts(goal: Goal = Goal.PASSWORD, **changed) -> Facts:
    plain = {
        "goal": goal,
        "expires_at": NOW + timedelta(minutes=5),
        "ended": "",
        "tries": 5,
        "mailed": True,
        "asked": False,
        "proven": False,
        "ripe": False,
    }
    return Facts(**plain | changed)


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        (facts(mailed=False), Stage.MAIL),
        (facts(mailed=False, tries=0), Stage.OVER),
        (facts(mailed=False, asked=True), Stage.MAIL),
        (facts(), Stage.CHOOSE),
        (facts(asked=True), Stage.ANSWER),
        (facts(proven=True), Stage.NEW_PASSWORD),
        (facts(Goal.FACTOR), Stage.OLD_PASSWORD),
        (facts(Goal.FACTOR, asked=True), Stage.ANSWER),
        (facts(Goal.FACTOR, proven=True), Stage.CONFIRM),
        (facts(Goal.FACTOR, proven=True, ripe=True), Stage.ENROL),
        (facts(Goal.FACTOR, proven=True, ripe=True, asked=True), Stage.ENROL_ANSWER),
        (facts(Goal.FACTOR, ripe=True), Stage.OLD_PASSWORD),
        (facts(mailed=False, proven=True), Stage.MAIL),
        (facts(proven=True, ended=Ended.NEW_PASSWORD), Stage.DONE),
        (facts(proven=True, ended=Ended.STOPPED), Stage.STOPPED),
        (facts(proven=True, expires_at=NOW), Stage.OVER),
    ],
)
def test_asks_for_one_thing_at_a_time(known, stage):
    assert rules.stage(NOW, known) is stage


@pytest.mark.parametrize(
    ("standing", "who", "may"),
    [
        (Standing(active=True, locked=False), person(KEY), True),
        (Standing(active=False, locked=False), person(KEY), False),
        (Standing(active=True, locked=True), person(KEY), False),
        (Standing(active=True, locked=False), person(KEY, staff=True), False),
    ],
)
def test_nothing_waits_for_who_is_closed_locked_or_staff(standing, who, may):
    assert rules.may_wait(standing, who) is may


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("R7KD-2QXM-9PTA", "R7KD2QXM9PTA"),
        (" r7kd 2qxm 9pta ", "R7KD2QXM9PTA"),
        ("Ｒ７ＫＤ２ＱＸＭ９ＰＴＡ", "R7KD2QXM9PTA"),
        ("R7KD-2QXM-9PT", ""),
        ("R7KD-2QXM-9PT1", ""),
        ("", ""),
        ("R7KD-2QXM-9PTA" * 9, ""),
    ],
)
def test_reads_a_reference_as_it_was_written(typed, read):
    assert rules.read_reference(typed) == read
    if read:
        assert rules.read_reference(rules.written(read)) == read
