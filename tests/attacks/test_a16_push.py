"""A16: an approval that its owner did not mean. Pushes by the dozen, two sign-ins at once, guessed
digits, replays, other phones, and approvals of what is over."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods.ib_key import activations
from sls.methods.ib_key.models import IbKeyDevice, Push
from sls.methods.ib_key.rules import State
from tests.attacks.tools import at_once
from tests.cast import PASSWORD, begin, person
from tests.phones import Phone, activated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db) -> User:
    return person("alice", mobile="+14155550101")


@pytest.fixture
def phone(alice) -> Phone:
    return activated(alice)


def asks(phone: Phone) -> tuple[Client, str, dict, str]:
    """A sign-in that asks the phone: its tab, address, what the phone sees, and the digits."""
    tab = Client()
    url = begin(tab)
    tab.post(f"{url}method/", {"device": phone.row().persistent_id})
    waits = phone.waits()
    return tab, url, waits, Push.objects.get(pk=waits["id"]).shown() if waits else ""


def goes_on(tab: Client, url: str) -> bool:
    return tab.post(f"{url}answer/", {"code": "approved"}).status_code == 302


def test_a_hundred_requests_ring_three_times(phone):
    for _n in range(12):
        asks(phone)
    assert Push.objects.count() <= 3
    assert Push.objects.filter(stored=State.WAITING).count() == 1


def test_of_two_sign_ins_the_approval_opens_only_the_one_it_was_for(phone):
    thief, his_url, _his, _digits = asks(phone)
    owner, url, waits, digits = asks(phone)
    assert phone.approve(waits, digits).status_code == 200
    assert not goes_on(thief, his_url)
    assert goes_on(owner, url)
    assert Session.objects.count() == 1


def test_digits_cannot_be_guessed_at(phone):
    tab, url, waits, digits = asks(phone)
    wrong = [f"{n:03d}" for n in range(1000) if f"{n:03d}" != digits][:5]
    answers = [phone.approve(waits, one).status_code for one in [*wrong, digits]]
    assert answers == [422, 409, 409, 409, 409, 409]
    assert not goes_on(tab, url)


@pytest.mark.parametrize("end", ["refused", "expired", "cancelled", "superseded"])
def test_nothing_opens_what_is_over(phone, end):
    tab, url, waits, digits = asks(phone)
    if end == "refused":
        assert phone.refuse(waits, "cancelled").status_code == 200
    elif end == "superseded":
        asks(phone)
    else:
        past = timezone.now() - timedelta(seconds=1)
        field = "expires_at" if end == "expired" else "cancelled_at"
        Challenge.objects.filter(used_at=None).update(**{field: past})
    assert phone.approve(waits, digits).status_code == 409
    assert not goes_on(tab, url)


def test_an_approval_is_not_good_for_the_next_sign_in(phone):
    tab, url, waits, digits = asks(phone)
    body = phone.approval(waits, digits)
    assert phone.call(f"approvals/{waits['id']}/approve", body).status_code == 200
    assert goes_on(tab, url)
    other, other_url, others, _digits = asks(phone)
    assert phone.call(f"approvals/{others['id']}/approve", body).status_code == 401
    assert phone.call(f"approvals/{waits['id']}/approve", body).status_code in (200, 409)
    assert not goes_on(other, other_url)
    assert Session.objects.count() == 1


def test_no_other_phone_approves(phone, alice):
    tab, url, waits, digits = asks(phone)
    bob = person("bob", mobile="+14155550102")
    for stranger in (activated(bob), Phone(device=phone.device)):
        assert stranger.approve(waits, digits).status_code in (401, 404)
    assert not goes_on(tab, url)


def test_a_phone_that_was_replaced_approves_nothing(phone, alice):
    tab, url, waits, digits = asks(phone)
    activated(alice, name="another")
    assert phone.approve(waits, digits).status_code == 410
    assert not goes_on(tab, url)


def test_fifty_approvals_at_once_are_one(phone):
    tab, url, waits, digits = asks(phone)
    bodies = [phone.approval(waits, digits) for _n in range(50)]
    path = f"approvals/{waits['id']}/approve"

    def approve(number: int) -> int:
        mine = Phone(key=phone.key, device=phone.device)
        return mine.call(path, bodies[number]).status_code

    assert set(at_once(50, approve)) <= {200, 409}
    assert Push.objects.filter(stored=State.APPROVED).count() == 1
    tabs = [Client() for _n in range(10)]
    for one in tabs:
        one.cookies = tab.cookies.copy()
    at_once(10, lambda number: goes_on(tabs[number], url))
    assert Session.objects.count() == 1


def test_of_fifty_phones_one_takes_a_session_id(alice):
    session_id = activations.session_for(user_id=alice.pk, origin=SYSTEM)

    def claim(_number: int) -> int:
        return Phone().post("activations", {"session_id": session_id}).status_code

    assert sorted(at_once(20, claim)) == [201] + [401] * 19


def test_two_phones_that_confirm_at_once_leave_one(alice):
    waiting = []
    for _n in range(2):
        session_id = activations.session_for(user_id=alice.pk, origin=SYSTEM)
        new = Phone()
        way = new.post("activations", {"session_id": session_id}).json()["activation"]
        waiting.append((new, way))
    for new, way in waiting:
        new.finish(way)
    at_once(2, lambda number: waiting[number][0].confirm().status_code)
    assert IbKeyDevice.objects.filter(confirmed=True).count() == 1
    connections.close_all()


@pytest.mark.parametrize("state", ["frozen", "staff", "inactive"])
def test_nobody_is_activated_who_may_not_sign_in(alice, state):
    changed = {
        "frozen": {"frozen_at": timezone.now()},
        "staff": {"is_staff": True},
        "inactive": {"is_active": False},
    }[state]
    User.objects.filter(pk=alice.pk).update(**changed)
    refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
    assert refused.status_code == 401
