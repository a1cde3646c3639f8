"""Rows 16 and 21 of the list of what went wrong elsewhere, against the sign-in API."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from accounts.lockout.models import PasswordFailures
from accounts.sessions.models import Session
from accounts.users.models import User
from tests import phones, programs
from tests.platforms import Platform, newest

pytestmark = pytest.mark.django_db


def locked(username: str = "alice") -> None:
    """Ten wrong passwords, the waits between them over."""
    for _ in range(10):
        Platform().begin(username, "wrong-wrong-wrong")
        PasswordFailures.objects.update(last_at=F("last_at") - timedelta(minutes=5))


def leads_nowhere(platform: Platform, *codes: str) -> None:
    """Whatever is sent, the sign-in is refused, and nobody is in."""
    for what, body in (
        ("resend", {"delivery": "sms"}),
        ("resend", {"delivery": "new"}),
        ("method", {"device": "sls.phonedevice/1"}),
        *(("answer", {"code": code, "take_over": True}) for code in codes),
    ):
        answer = platform.go(what, body)
        assert answer.status_code == 200, answer.content.decode()
        assert answer.json()["step"]["kind"] == "refused", what
    assert platform.step()["kind"] == "refused"
    assert not Session.objects.filter(ended_at=None).exists()


def test_row_16_a_lock_ends_the_sign_in_whose_code_is_right(alice):
    platform = Platform()
    platform.begin()
    code = newest().code()
    locked()
    leads_nowhere(platform, code)


def test_row_16_an_approval_on_the_phone_redeems_nothing_after_a_lock(alice):
    phone = phones.activated(alice)
    platform = Platform("mobile_android")
    platform.begin()
    step = platform.choose("ib_key")
    push = phone.waits()
    locked()
    phone.approve(push, step["match"])
    leads_nowhere(platform, "approved")


def test_row_16_an_approval_before_the_lock_redeems_nothing_after_it(alice):
    phone = phones.activated(alice)
    platform = Platform("mobile_android")
    platform.begin()
    step = platform.choose("ib_key")
    assert phone.approve(phone.waits(), step["match"]).status_code == 200
    locked()
    leads_nowhere(platform, "approved")


def test_row_21_what_was_issued_ends_with_the_next_call(alice):
    platform, waiting = Platform("webtrader"), Platform("mobile_ios")
    platform.sign_in()
    waiting.begin()
    code = newest().code()
    token = programs.issue(alice)
    User.objects.update(is_active=False)
    assert platform.session().status_code == 401
    assert platform.session("DELETE").status_code == 401
    sent = {"Authorization": f"Bearer {token.text}"}
    assert Client().get("/api/v1/account", headers=sent).status_code == 401
    Session.objects.all().delete()
    leads_nowhere(waiting, code)
