"""A password that somebody else may know opens nothing but the page that changes it, anywhere."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods.ib_key.models import PhoneActivation
from tests.cast import PASSWORD, begin, code_for
from tests.phones import Phone
from tests.platforms import PLATFORMS, Platform, newest

pytestmark = pytest.mark.django_db


def demand() -> None:
    call_command("demand_password_change", "alice", "--reason", "seen in a phishing kit")


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_platform_lets_in(alice, name):
    demand()
    platform = Platform(name)
    step = platform.begin().json()["step"]
    assert (step["kind"], step["reason"]) == ("refused", "password_demanded")
    assert "Client Portal" in step["text"]
    assert not Session.objects.exists()


def test_nor_by_a_sign_in_that_was_begun_before(alice):
    platform = Platform()
    platform.begin()
    code = newest().code()
    User.objects.update(password_demanded_at=timezone.now())
    step = platform.answer(code)
    assert (step["kind"], step["reason"]) == ("refused", "password_demanded")
    assert not Session.objects.exists()


def test_the_portal_lets_in_to_change_it(client, alice):
    demand()
    url = begin(client)
    assert client.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302
    assert client.get("/").status_code == 403
    assert Session.objects.filter(platform="web", ended_at=None).exists()


def test_ends_sessions_on_platforms_and_leaves_that_in_the_portal(client, alice, sign_in, clock):
    platform = Platform("mobile_ios")
    platform.sign_in()
    clock.shift(31)
    sign_in(client, alice)
    demand()
    assert platform.session().status_code == 401
    assert list(Session.objects.filter(ended_at=None).values_list("platform", flat=True)) == ["web"]
    entry = Entry.objects.get(user=alice, event="session.ended")
    assert entry.detail == {"why": "revoked", "sessions": 1}


def test_a_session_that_went_on_has_no_rights(alice):
    platform = Platform()
    assert platform.sign_in()["rights"]
    User.objects.update(password_demanded_at=timezone.now())
    assert platform.session().json()["rights"] == []


def test_activates_no_phone(alice):
    User.objects.update(password_demanded_at=timezone.now())
    refused = Phone().post("activations", {"username": "alice", "password": PASSWORD})
    assert refused.status_code == 401
    assert not PhoneActivation.objects.exists()


def test_finishes_no_phone(alice):
    phone = Phone(client=Client())
    begun = phone.post("activations", {"username": "alice", "password": PASSWORD}).json()
    number = {"number": begun["numbers"][0]["id"]}
    phone.post(f"activations/{begun['activation']}/code", number)
    code = code_for(alice)
    User.objects.update(password_demanded_at=timezone.now())
    assert phone.finish(begun["activation"], code=code).status_code == 401
