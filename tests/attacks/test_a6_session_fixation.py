"""A6: getting into somebody's session with a key that was known before, or is used again after."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from accounts.audit import services as audit
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.login import flow
from sls.methods import registry
from sls.methods.sms.models import PhoneDevice
from sls.step_up.models import Pending
from tests.attacks.tools import PHONES, browser, twin
from tests.cast import PASSWORD, begin, code_for

SID = django_settings.SESSION_COOKIE_NAME
PLANTED = "planted-by-an-attacker-0123456789abcdefgh"


def with_key(key: str) -> Client:
    """A browser that holds nothing but this session key."""
    tab = browser()
    tab.cookies[SID] = key
    return tab


def is_in(tab: Client) -> bool:
    return tab.get("/").status_code == 200


def test_cve_2024_7341_a_planted_key_is_never_the_key_of_a_session(client, alice, sign_in):
    client.cookies[SID] = PLANTED
    sign_in(client, alice)
    assert client.cookies[SID].value != PLANTED
    assert not is_in(with_key(PLANTED))
    assert not Session.objects.filter(key=sessions.digest(PLANTED)).exists()


def test_nothing_that_was_planted_in_the_cache_reaches_the_session(client, alice, sign_in):
    victim = client.session
    victim["_auth_user_id"] = "999"
    victim["planted"] = True
    victim.save()
    client.cookies[SID] = victim.session_key
    sign_in(client, alice)
    assert "planted" not in client.session
    assert not is_in(with_key(victim.session_key))


def test_asvs_7_2_4_a_second_sign_in_in_the_browser_ends_the_first(client, alice, clock):
    first = begin(client)
    code = code_for(alice)
    clock.shift(31)
    second = begin(client)
    client.post(f"{first}answer/", {"code": code})
    old = client.cookies[SID].value
    assert is_in(with_key(old))
    client.post(f"{second}answer/", {"code": code_for(alice)})
    assert client.cookies[SID].value != old
    assert is_in(client)
    assert not is_in(with_key(old))
    assert Session.objects.filter(ended_at=None).count() == 1


def test_another_user_signing_in_in_the_browser_ends_the_first_session(client, alice, bob, sign_in):
    sign_in(client, alice)
    old = client.cookies[SID].value
    sign_in(client, bob)
    assert not is_in(with_key(old))
    assert Session.objects.get(ended_at=None).user == bob


def test_between_password_and_code_nobody_is_signed_in(client, alice):
    begin(client)
    assert SID not in client.cookies
    for path in ("/", "/settings/", PHONES):
        assert client.get(path).status_code == 302
    assert not Session.objects.exists()


def test_the_cookie_of_the_attempt_opens_nothing_once_it_is_done(client, alice, sign_in):
    url = begin(client)
    tab = twin(client)
    client.post(f"{url}answer/", {"code": code_for(alice)})
    for path in (url, f"{url}status/"):
        assert not is_in(tab)
        assert tab.get(path).status_code in (200, 302)
    assert tab.post(f"{url}answer/", {"code": "000000"}).status_code == 302
    assert SID not in tab.cookies


def test_cve_2026_7507_the_attempt_of_one_browser_is_not_finished_in_another(client, alice):
    url, code = begin(client), code_for(alice)
    victim = browser()
    for way, fields in (("answer", {"code": code}), ("resend", {"delivery": "voice"})):
        assert victim.post(f"{url}{way}/", fields).status_code == 404
    assert victim.get(url).status_code == 404
    assert not Session.objects.exists()


@pytest.mark.parametrize("how", ["logged off", "closed", "revoked", "user closed", "disabled"])
def test_asvs_7_4_2_a_copied_key_dies_with_the_session(client, alice, sign_in, how):
    sign_in(client, alice)
    thief = with_key(client.cookies[SID].value)
    assert is_in(thief)
    row = Session.objects.get()
    if how == "logged off":
        client.post("/logout/")
    elif how == "closed":
        sessions.end(row=row, why=End.CLOSED, origin=SYSTEM)
    elif how == "revoked":
        with transaction.atomic():
            user = audit.lock(alice.pk)
            sms = registry.get("sms")
            sms.revoke(PhoneDevice.objects.get(), user=user, origin=SYSTEM, why="lost")
    elif how == "user closed":
        User.objects.update(is_active=False)
    else:
        Session.objects.update(ended_at=row.opened_at, ended_why=End.REVOKED)
    assert not is_in(thief)


def test_an_idle_key_does_not_come_back(client, alice, sign_in, clock):
    sign_in(client, alice)
    thief = with_key(client.cookies[SID].value)
    clock.shift(15 * 60 + 1)
    assert not is_in(thief)
    clock.shift(-120)
    assert not is_in(thief)


def test_a_lost_cache_neither_opens_nor_changes_a_session(client, alice, sign_in):
    sign_in(client, alice)
    caches["default"].clear()
    key = client.cookies[SID].value
    assert is_in(client)
    phone = alice.phonenumbers.get().pk
    # A page that writes into the session, and the next, which reads what it wrote.
    client.post(f"{PHONES}{phone}/test/")
    assert "test message" in client.get(PHONES).content.decode()
    assert client.cookies[SID].value == key
    invented = browser()
    invented.cookies[SID] = "x" * 43
    assert not is_in(invented)


def test_a_key_in_the_address_is_no_key(client, alice, sign_in):
    sign_in(client, alice)
    key = client.cookies[SID].value
    stranger = browser()
    for query in (f"sid={key}", f"sessionid={key}", f"token={key}"):
        assert stranger.get(f"/?{query}").status_code == 302
    assert stranger.get("/", headers={"Authorization": f"Bearer {key}"}).status_code == 302


def test_a_step_up_of_one_session_is_worth_nothing_in_another(
    signed_in, alice, sign_in, granted, clock
):
    confirm = granted(signed_in, alice)
    other = sign_in(Client(), alice)
    assert confirm(other)["Location"].startswith("/step-up/")
    pending = Pending.objects.filter(granted_at__isnull=False).get()
    assert other.get(f"/step-up/{pending.pk}/").status_code == 404
    assert other.get(f"/step-up/{pending.pk}/confirm/").status_code == 404
    assert pending.used_at is None


def test_a_step_up_does_not_survive_its_session(signed_in, alice, sign_in, granted):
    confirm = granted(signed_in, alice)
    signed_in.post("/logout/")
    assert confirm(signed_in)["Location"].startswith("/login/")
    sign_in(signed_in, alice)
    assert confirm(signed_in)["Location"].startswith("/step-up/")


def test_a_revoked_authenticator_signs_nobody_in_at_the_last_moment(client, alice, monkeypatch):
    """Revoked after the code was found right, before the session is opened."""
    url, code = begin(client), code_for(alice)
    finish = flow.finish

    def late(attempt, *, origin):
        PhoneDevice.objects.update(revoked_at=attempt.created_at, confirmed=False, phone=None)
        return finish(attempt, origin=origin)

    monkeypatch.setattr(flow, "finish", late)
    response = client.post(f"{url}answer/", {"code": code})
    assert SID not in response.cookies
    assert not Session.objects.exists()


def test_signing_in_sets_cookies_that_scripts_and_other_sites_do_not_get(client, alice, sign_in):
    url = begin(client)
    response = client.post(f"{url}answer/", {"code": code_for(alice)})
    cookie = response.cookies[SID]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert PASSWORD not in str(response.cookies)
