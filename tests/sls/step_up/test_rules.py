from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.algorithms.risk import Level
from sls.methods.rules import Strength
from sls.step_up import rules
from sls.step_up.rules import Stage

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BASE = {
    "action": "contacts.change",
    "path": "/settings/communication/phones/7/primary/",
    "args": (),
    "kwargs": {"kind": "phone", "pk": 7},
    "query": "",
    "fields": [("a", "1"), ("b", "2")],
}


def test_the_order_of_fields_does_not_matter():
    turned = {**BASE, "fields": [("b", "2"), ("a", "1")]}
    assert rules.digest(**BASE) == rules.digest(**turned)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "other"},
        {"path": "/settings/communication/phones/7/remove/"},
        {"kwargs": {"kind": "phone", "pk": 8}},
        {"kwargs": {"kind": "email", "pk": 7}},
        {"args": ("7",)},
        {"query": "pk=8"},
        {"fields": [("a", "1")]},
        {"fields": [("a", "1"), ("b", "3")]},
        {"fields": [("a", "1"), ("b", "2"), ("b", "2")]},
        {"fields": [("a", "1b"), ("", "2")]},
    ],
)
def test_every_part_of_the_request_is_in_the_digest(change):
    assert rules.digest(**BASE) != rules.digest(**{**BASE, **change})


@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=4),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=4),
)
def test_two_different_forms_never_have_one_digest(one, other):
    same = sorted(one) == sorted(other)
    first = rules.digest(**{**BASE, "fields": one})
    assert (first == rules.digest(**{**BASE, "fields": other})) is same


@pytest.mark.parametrize(
    "name", ["password", "new_password", "code", "pin", "PIN", "card-pin", "answer", "otp", "token"]
)
def test_a_field_that_holds_a_secret_is_recognised(name):
    assert rules.secrets_among([name]) == [name]


@pytest.mark.parametrize("name", ["number", "email", "delivery", "pinned", "encoded", "opinion"])
def test_other_fields_are_not(name):
    assert rules.secrets_among([name]) == []


@pytest.mark.parametrize(
    ("times", "stage"),
    [
        ({}, Stage.PASSWORD),
        ({"password_at": NOW}, Stage.CODE),
        ({"password_at": NOW, "granted_at": NOW}, Stage.CONFIRM),
        ({"password_at": NOW, "granted_at": NOW, "used_at": NOW}, Stage.USED),
        ({"expires_at": NOW}, Stage.OVER),
        ({"expires_at": NOW, "granted_at": NOW}, Stage.OVER),
    ],
)
def test_the_stage_follows_from_the_times(times, stage):
    given_times = {
        "expires_at": NOW + timedelta(minutes=1),
        "password_at": None,
        "granted_at": None,
        "used_at": None,
        **times,
    }
    assert rules.stage(NOW, **given_times) is stage


@given(
    st.sampled_from(sorted(rules.TABLE)),
    st.sets(st.sampled_from(Strength)),
    st.sampled_from([0, *Strength]),
    st.sampled_from(Level),
    st.sampled_from(Level),
)
def test_an_unusual_sign_in_raises_what_is_demanded_and_never_lowers_it(
    action, held, policy, one, other
):
    low, high = sorted((one, other))

    def needed(level: Level) -> Strength:
        return rules.needed(action, held, policy=max(policy, rules.RAISED[level]))

    assert rules.needed(action, held, policy=policy) <= needed(low) <= needed(high)
    # What is demanded, somebody who holds enough for the action can give.
    assert needed(high) <= max(held, default=Strength.TELEPHONE) or needed(high) == needed(low)


@pytest.mark.parametrize("action", rules.TABLE)
def test_printed_codes_prove_nothing_in_a_session_that_began_unusually(action):
    assert rules.demand(action, risk=Level.USUAL) == rules.TABLE[action]
    assert rules.demand(action, risk=Level.ALERT) == rules.TABLE[action]
    assert not rules.demand(action, risk=Level.STRONGER).spare
