"""Whoever stands in the emergency door goes when its owner says that something was not they."""

from dataclasses import replace

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.ip_restrictions import deciding, door
from accounts.ip_restrictions.receivers import SHUTS
from accounts.origin import SYSTEM, Origin
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import HOME, HOTEL, restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(alice) -> User:
    """The door lets the hotel in."""
    restrict(alice, HOME.address)
    with transaction.atomic():
        door.use(audit.lock(alice.pk), origin=HOTEL)
    return alice


def happen(event: Event, user: User, origin: Origin) -> bool:
    """Records it; returns whether the hotel is let in still."""
    with transaction.atomic():
        row = audit.lock(user.pk)
        note = {"phone": None, "email": None, "dropped": []}
        audit.record(event, user=row, origin=origin, note=note)
    return deciding.decide(user=User.objects.get(pk=user.pk), origin=HOTEL).is_let_in


@pytest.mark.parametrize("event", sorted(SHUTS))
@pytest.mark.parametrize("origin", [HOME, SYSTEM])
def test_shuts_whoever_stands_in_it_out(inside, event, origin):
    assert not happen(event, inside, origin)


@pytest.mark.parametrize("event", [Event.PASSWORD_CHANGED, Event.EMAIL_UNDONE])
def test_leaves_in_who_did_it_from_there(inside, event):
    assert happen(event, inside, replace(HOTEL, session="a" * 64))


def test_other_events_leave_it_open(inside):
    assert happen(Event.SIGNED_OUT, inside, HOME)


def test_what_is_about_nobody_shuts_nobody_out(inside):
    with transaction.atomic():
        audit.record(Event.CALL_REPORTED, user=None, origin=SYSTEM)
    assert deciding.decide(user=User.objects.get(), origin=HOTEL).is_let_in
