"""Removing an authenticator of somebody whose account demands a phishing-resistant one.

The policy asks how strong an authenticator is, not what it is called; here it is the app.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.origin import SYSTEM, Origin
from sls.devices import removal
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.rules import Strength
from sls.policy import services as policy
from sls.policy.services import Subject
from tests.sls.devices.conftest import page_of

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = Origin(address="203.0.113.7")


@pytest.fixture(autouse=True)
def _resistant(monkeypatch):
    method = registry.get("authenticator_app")
    monkeypatch.setattr(type(method), "strength", Strength.PHISHING_RESISTANT)


def demand(user, *, days: int = -1) -> None:
    """A policy for the user that begins in so many days."""
    policy.make(
        subject=Subject(user=user),
        begins=timezone.localdate() + timedelta(days=days),
        reason="test",
        at_once=days <= 0,
        origin=SYSTEM,
        actor="staff:test",
    )


def remove(device) -> Refusal | None:
    return removal.remove(device=device, proven_by="", origin=ORIGIN)


def test_the_last_one_that_a_fake_page_cannot_use_stays(alice, app):
    demand(alice)
    assert remove(app) is Refusal.LAST_RESISTANT
    app.refresh_from_db()
    assert app.confirmed


def test_its_page_says_why(signed_in, alice, app):
    demand(alice)
    page = signed_in.get(page_of(app)).content.decode()
    assert "the last authenticator that a fake page cannot use" in page


def test_one_of_two_may_go(alice, app, spare):
    demand(alice)
    assert remove(app) is None
    assert remove(spare) is Refusal.LAST_RESISTANT


@pytest.mark.parametrize("days", [None, 30])
def test_without_a_policy_or_before_it_begins_the_number_is_enough(alice, app, days):
    if days:
        demand(alice, days=days)
    assert remove(app) is None
