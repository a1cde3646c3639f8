"""Tokens of sessions on other platforms (SECURITY A15, A1, A2, A9; CVE rows 16 and 21)."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.people import remove, set_role
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.methods import registry
from sls.methods.sms.models import PhoneDevice
from tests import phones
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks.tools import at_once, other_than
from tests.platforms import LOGIN, PLATFORMS, SESSION, Platform, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(alice) -> Platform:
    platform = Platform()
    platform.sign_in()
    return platform


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_address_that_is_not_listed_signs_in_nowhere(alice, name):
    restrict(alice, "203.0.113.7")
    refused = Platform(name).begin().json()
    assert refused["attempt"] is None
    assert refused["step"]["reason"] == "address"
    assert not Message.objects.filter(name="security_code").exists()
    listed = Platform(name, address="203.0.113.7")
    listed.sign_in()
    # The token is worth nothing from elsewhere, and is none afterwards.
    thief = Platform(name, token=listed.token, address="198.51.100.9")
    assert thief.session().status_code == 403
    assert listed.session().status_code == 401
    assert Session.objects.get().ended_why == End.ADDRESS


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_answer_from_an_address_that_is_not_listed_opens_nothing(alice, name):
    restrict(alice, "203.0.113.7")
    platform = Platform(name, address="203.0.113.7")
    platform.begin()
    platform.address = "198.51.100.9"
    assert platform.answer(newest().code())["reason"] == "address"
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer x y",
        "Bearer " + "x" * 5000,
        "Bearer \u00e9",
        "Bearer cpt_0000000000_00000000000000000000000000000000000000",
    ],
)
def test_what_is_no_token_is_401(alice, header):
    client = Client(raise_request_exception=False)
    for method in ("GET", "DELETE"):
        answer = client.generic(method, SESSION, headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"]


def test_a_token_in_the_address_is_none(signed_in):
    client = Client(raise_request_exception=False)
    for name in ("token", "access_token", "Authorization"):
        assert client.get(SESSION, {name: signed_in.token}).status_code == 400


def test_no_page_and_no_operation_of_programs_opens(signed_in):
    headers = {"Authorization": f"Bearer {signed_in.token}"}
    client = Client(raise_request_exception=False, headers=headers)
    for path in ("/api/v1/account", "/api/v1/token", "/api/v1/activity", "/api/v1/security"):
        assert client.get(path).status_code == 401
    assert client.generic("POST", "/api/v1/freeze").status_code == 401
    assert client.get("/settings/").status_code == 302


def test_cve_2025_65430_a_closed_user_has_no_session_left(signed_in):
    User.objects.update(is_active=False)
    assert signed_in.session().status_code == 401


def test_a_removed_trader_has_no_session_left(alice, carol):
    platform = Platform()
    platform.sign_in("carol")
    membership = Membership.objects.get(user=carol)
    assert remove(membership=membership, by=alice.pk, origin=SYSTEM) is None
    answer = platform.session()
    assert (answer.status_code, answer.json()["reason"]) == (401, "revoked")
    Message.objects.all().delete()
    assert Platform().sign_in("carol")["rights"] == []


def test_another_role_is_signed_in_to_anew(alice, carol):
    platform = Platform()
    platform.sign_in("carol")
    membership = Membership.objects.get(user=carol)
    set_role(membership=membership, role=Role.VIEWER, by=alice.pk, origin=SYSTEM)
    assert platform.session().status_code == 401
    Message.objects.all().delete()
    assert Platform().sign_in("carol")["rights"] == ["view"]


def test_a_revoked_authenticator_ends_what_it_opened(signed_in, alice):
    with transaction.atomic():
        user = audit.lock(alice.pk)
        device = PhoneDevice.objects.get()
        registry.get("sms").revoke(device, user=user, origin=SYSTEM, why="lost")
    assert signed_in.session().status_code == 401


def test_guessing_goes_over_new_sign_ins_and_both_kinds_of_platform(alice, clock, settings):
    """A2: twenty wrong codes in a row disable the number, whoever asks for how many sign-ins."""
    settings.SENDS_PER_NUMBER_DAY = 100
    settings.SIGN_INS_PER_ADDRESS_MINUTE = settings.SENDS_PER_ADDRESS_HOUR = 1000
    evaluated = 0
    for number in range(8):
        clock.shift(120)
        platform = Platform(PLATFORMS[number % len(PLATFORMS)])
        if platform.begin().json()["attempt"] is None:
            break
        for guess in range(5):
            wrong = other_than(newest().code(), guess + 1) if newest().secret else "000000"
            step = platform.answer(wrong)
            evaluated += bool(step.get("error")) and step["error"]["code"] == "wrong"
    device = PhoneDevice.objects.get()
    assert device.failures == 20
    assert device.disabled_at is not None
    assert evaluated <= 20
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_right_answers_at_once_one_opens_a_session(alice):
    platform = Platform("api")
    platform.begin()
    code = newest().code()

    def act(_number: int) -> dict:
        one = Platform("api", attempt=platform.attempt)
        answer = one.go("answer", {"code": code})
        return answer.json().get("step") or {}

    steps = at_once(20, act)
    assert sum(step.get("kind") == "done" for step in steps) == 1
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_approval_that_is_polled_by_many_opens_one_session(alice):
    phone = phones.activated(alice)
    platform = Platform("api")
    platform.begin()
    step = platform.choose("ib_key")
    phone.approve(phone.waits(), step["match"])

    def act(_number: int) -> dict:
        one = Platform("api", attempt=platform.attempt)
        return one.send("GET", f"{LOGIN}/{platform.attempt}").json().get("step") or {}

    steps = at_once(8, act)
    assert sum(step.get("kind") == "done" for step in steps) == 1
    assert Session.objects.count() == 1


def test_a_password_that_was_changed_ends_what_was_begun(signed_in, alice):
    Message.objects.all().delete()
    other = Platform("api")
    other.begin()
    code = newest().code()
    with transaction.atomic():
        audit.record(Event.PASSWORD_CHANGED, user=audit.lock(alice.pk), origin=SYSTEM)
    assert other.answer(code)["reason"] == "password_changed"
