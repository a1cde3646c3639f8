"""Removing an authenticator of somebody whose account demands a phishing-resistant one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.origin import SYSTEM, Origin
from sls.devices import removal
from sls.devices.rules import Refusal
from sls.methods.passkey.models import PasskeyDevice
from sls.policy import services as policy
from sls.policy.services import Subject
from tests.passkey_authenticator import Passkey, enrolled
from tests.sls.devices.conftest import SLS

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = Origin(address="203.0.113.7")


@pytest.fixture
def key(alice) -> PasskeyDevice:
    """Alice's passkey."""
    return enrolled(alice, Passkey(), "Pixel 9")


@pytest.fixture
def other_key(alice) -> PasskeyDevice:
    """Another one."""
    return enrolled(alice, Passkey(), "Security key")


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


def test_the_last_one_that_a_fake_page_cannot_use_stays(alice, app, key):
    demand(alice)
    assert remove(key) is Refusal.LAST_RESISTANT
    key.refresh_from_db()
    assert key.confirmed
    assert remove(app) is None


def test_its_page_says_why(signed_in, alice, key):
    demand(alice)
    page = signed_in.get(f"{SLS}passkey/{key.pk}/").content.decode()
    assert "the last authenticator that a fake page cannot use" in page


def test_one_of_two_may_go(alice, key, other_key):
    demand(alice)
    assert remove(key) is None
    assert remove(other_key) is Refusal.LAST_RESISTANT


@pytest.mark.parametrize("days", [None, 30])
def test_without_a_policy_or_before_it_begins_the_number_is_enough(alice, key, days):
    if days:
        demand(alice, days=days)
    assert remove(key) is None
