"""A6: getting into somebody's session with a key that was known before, or is used again after."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.origin import SYSTEM
from accounts.sessions import middleware
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
NOTICE = "/session/browser-notice/"  # it is kept in the session
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


def proven(client: Client, user: User) -> None:
    """The identity of the user is verified anew, for a number that is to be added."""
    url = client.post(PHONES, {"number": "+14155550177"})["Location"]
    client.post(url, {"password": PASSWORD})
    assert client.post(f"{url}answer/", {"code": code_for(user)})["Location"] == f"{url}confirm/"


def test_asvs_7_2_4_verifying_the_identity_changes_the_key(signed_in, alice):
    old, thief = signed_in.cookies[SID].value, twin(signed_in)
    assert is_in(thief)
    session = Session.objects.get()
    proven(signed_in, alice)
    assert signed_in.cookies[SID].value not in ("", old)
    assert is_in(signed_in)
    assert not is_in(thief)
    assert Session.objects.get().pk == session.pk


def test_asvs_7_2_4_unlocking_changes_the_key(signed_in):
    signed_in.post("/lock/")
    old = signed_in.cookies[SID].value
    signed_in.post("/locked/", {"password": PASSWORD})
    assert signed_in.cookies[SID].value not in ("", old)
    assert is_in(signed_in)
    assert not is_in(with_key(old))


def test_what_was_on_its_way_with_the_old_key_does_not_take_the_new_one_away(signed_in, alice):
    late = twin(signed_in)
    proven(signed_in, alice)
    for path in ("/", "/settings/", "/login/"):
        assert SID not in late.get(path, headers={"HX-Request": "true"}).cookies


def test_an_answer_that_was_on_its_way_does_not_put_the_old_key_back(signed_in, alice, monkeypatch):
    late, seat = twin(signed_in), middleware._seat

    def meanwhile(request, row):
        seat(request, row)
        if request.path == NOTICE:
            proven(signed_in, alice)

    monkeypatch.setattr(middleware, "_seat", meanwhile)
    assert late.post(NOTICE).status_code == 302
    old = late.cookies.pop(SID).value
    assert signed_in.cookies[SID].value != old
    assert late.post(NOTICE).cookies.get(SID) is None
    assert is_in(signed_in)


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


def test_a_step_up_window_is_worth_nothing_in_another_session(signed_in, alice, sign_in, clock):
    until = timezone.now() + timedelta(minutes=5)
    Session.objects.update(verified_action="users.change", verified_until=until)
    other = sign_in(Client(), alice)
    assert signed_in.get("/help/").context["window"] is not None
    assert other.get("/help/").context["window"] is None


def test_a_copied_key_is_locked_with_the_session_and_cannot_keep_it_open(client, alice, sign_in):
    sign_in(client, alice)
    thief = with_key(client.cookies[SID].value)
    client.post("/lock/")
    assert not is_in(thief)
    assert thief.post("/session/extend/").status_code == 302
    assert thief.post("/locked/", {"password": "guessed"}).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("how", ["others", "one", "copied", "at once", "unlocking"])
def test_a_copied_key_dies_with_whatever_ends_the_session(
    client, alice, sign_in, clock, settings, how
):
    sign_in(client, alice)
    row = Session.objects.get()
    thief, old = with_key(client.cookies[SID].value), client.cookies["device"].value
    clock.shift(61)
    if how == "at once":
        settings.SESSIONS_AT_ONCE = 1
    other = sign_in(browser(), alice)
    if how == "others":
        other.post("/settings/security/sessions/end-others/")
    elif how == "one":
        other.post(f"/settings/security/sessions/{row.key[:12]}/end/")
    elif how == "copied":
        stale = browser()
        stale.cookies["device"] = f"{old.split('.')[0]}.older"
        stale.post("/login/", {"username": "alice", "password": "x"})
    elif how == "unlocking":
        client.post("/lock/")
        for _ in range(5):
            thief.post("/locked/", {"password": "guessed"})
    assert not is_in(thief)
    assert not is_in(client)
    assert is_in(other)
    assert thief.post("/session/extend/").status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None


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
    complete = flow.complete

    def late(attempt, **what):
        PhoneDevice.objects.update(revoked_at=attempt.created_at, confirmed=False, phone=None)
        return complete(attempt, **what)

    monkeypatch.setattr(flow, "complete", late)
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
