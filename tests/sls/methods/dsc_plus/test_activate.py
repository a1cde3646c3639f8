"""A card that has arrived: activated by its holder, or in use by itself."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.rules import Outcome
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Message
from sls.methods import registry
from sls.methods.dsc_plus import services, tasks
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.protocol import Enrolment
from tests.cast import card_device, person, response

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7", session="s" * 64)
METHOD = registry.get("dsc_plus")


def enrol(user) -> Enrolment | Problem:
    with transaction.atomic():
        return METHOD.enrol(user=audit.lock(user.pk), origin=ORIGIN, bound_to="b" * 64)


def methods(user) -> list[str]:
    return [row.method for row in registry.devices(user.pk)]


def test_the_first_response_puts_it_into_use(alice):
    device = card_device(alice, activated=False)
    begun = enrol(alice)
    assert begun.device == device
    assert METHOD.verify(begun.challenge, response(begun.challenge), origin=ORIGIN).is_ok
    assert "dsc_plus" in methods(alice)
    entry = Entry.objects.get(event=Event.DEVICE_ENROLLED)
    assert entry.detail == {"method": "dsc_plus", "device": "Digital Security Card+ …0001"}


def test_a_wrong_response_counts_and_leaves_it_pending(alice):
    device = card_device(alice, activated=False)
    begun = enrol(alice)
    verdict = METHOD.verify(begun.challenge, response(begun.challenge, pin="0000"), origin=ORIGIN)
    assert verdict.outcome is Outcome.WRONG
    device.refresh_from_db()
    assert not device.confirmed
    assert device.card.failures == 1


def test_says_when_there_is_none(alice, bob):
    card_device(bob, activated=False)
    card_device(alice)
    assert enrol(alice).code == "no_card"


@pytest.mark.parametrize("state", ["lost_at", "returned_at", "disabled_at"])
def test_activates_none_that_is_gone(alice, state):
    card_device(alice, activated=False)
    Card.objects.update(**{state: timezone.now()})
    assert isinstance(enrol(alice), Problem)


@pytest.fixture
def mailed(alice, settings):
    """A card that was mailed to Alice just over two weeks ago."""
    settings.CARD_REQUIRED_DAYS = 14
    device = card_device(alice, activated=False)
    Card.objects.update(shipped_at=timezone.now() - timedelta(days=14, minutes=1))
    return device


def test_is_in_use_by_itself_two_weeks_after_mailing(alice, mailed):
    assert services.require_due() == 1
    assert "dsc_plus" in methods(alice)
    entry = Entry.objects.get(event=Event.CARD_REQUIRED)
    assert (entry.user, entry.actor, entry.detail["card"]) == (alice, "system", "…0001")
    assert Message.objects.get(name="card_required").to == "alice@example.com"


def test_happens_once(alice, mailed):
    tasks.require_due()
    tasks.require_due()
    assert Entry.objects.filter(event=Event.CARD_REQUIRED).count() == 1


def test_does_not_happen_a_day_early(alice, mailed, clock):
    clock.shift(-86_400)
    assert services.require_due() == 0


@pytest.mark.parametrize("state", ["lost_at", "returned_at", "disabled_at"])
def test_does_not_happen_to_a_card_that_is_gone(alice, mailed, state):
    Card.objects.update(**{state: timezone.now()})
    assert services.require_due() == 0
    assert "dsc_plus" not in methods(alice)


def test_does_not_happen_to_a_name_that_only_shares_it(mailed):
    other = person("alice2")
    CardDevice.objects.create(user=other, card=mailed.card, shared=True, confirmed=False)
    assert services.require_due() == 1
    assert methods(other) == []
