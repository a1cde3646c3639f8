from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
