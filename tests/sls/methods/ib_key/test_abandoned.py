"""What an activation stood on is no longer so: no phone becomes an authenticator by it."""

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.passwords.demand import demand_change, is_met
from accounts.users.models import User
from sls.methods.ib_key import activations
from sls.methods.ib_key.models import IbKeyDevice, PhoneActivation
from sls.methods.ib_key.receivers import ENDS
from tests.cast import PASSWORD, code_for
from tests.phones import Phone, activated

pytestmark = pytest.mark.django_db


def happens(event: Event, user: User) -> None:
    """And whatever else it brings about is over again."""
    if event == Event.FROZEN:
        freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
        User.objects.update(frozen_at=None)
        return
    if event == Event.PASSWORD_DEMANDED:
        demand_change(user=user, why="x", origin=SYSTEM)
        is_met(user_id=user.pk)
        return
    with transaction.atomic():
        row = audit.lock(user.pk)
        contacts_of = {"email": user.emailaddresss.get(), "phone": user.phonenumbers.get()}
        audit.record(event, user=row, origin=SYSTEM, note={**contacts_of, "dropped": []})


@pytest.fixture
def way(alice) -> str:
    """By name and password, and a code that is on its way."""
    phone = Phone()
    begun = phone.post("activations", {"username": "alice", "password": PASSWORD}).json()
    number = {"number": begun["numbers"][0]["id"]}
    phone.post(f"activations/{begun['activation']}/code", number)
    return begun["activation"]


@pytest.mark.parametrize("event", sorted(ENDS))
def test_the_way_is_over(alice, way, event):
    code = code_for(alice)
    happens(event, alice)
    assert Phone().finish(way, code=code).status_code == 410
    assert not IbKeyDevice.objects.exists()


@pytest.mark.parametrize("event", sorted(ENDS))
def test_a_phone_that_has_its_secret_is_not_confirmed(alice, way, event):
    phone = Phone()
    assert phone.finish(way, code=code_for(alice)).status_code == 201
    happens(event, alice)
    assert phone.confirm().status_code == 401
    assert not IbKeyDevice.objects.exists()


@pytest.mark.parametrize("event", sorted(ENDS))
def test_a_session_id_that_was_shown_is_no_good(alice, event):
    session_id = activations.session_for(user_id=alice.pk, origin=SYSTEM)
    happens(event, alice)
    assert Phone().post("activations", {"session_id": session_id}).status_code == 401


def test_the_phone_in_use_and_those_of_others_stay(alice, bob):
    phone, session_id = activated(alice), activations.session_for(user_id=bob.pk, origin=SYSTEM)
    happens(Event.PASSWORD_CHANGED, alice)
    assert phone.row().confirmed
    assert Phone().post("activations", {"session_id": session_id}).status_code == 201
    assert PhoneActivation.objects.filter(user=bob, ended_at=None).count() == 2
