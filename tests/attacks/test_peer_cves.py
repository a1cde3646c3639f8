"""Holes that were found in peer products, tried here (SECURITY 6).

Many have their place in a family: 1 (CVE-2023-47111) and 30 (CVE-2026-128332) in A2, 5
(GHSA-2wmj-46rj-qm2w) in A8, 7 (CVE-2024-47070), 8 (CVE-2023-36456) and 10 (CVE-2025-52553) in A9, 9
(CVE-2026-49448) and 20 (CVE-2026-18963) in A17, 11 (CVE-2025-53942) and 16 (CVE-2026-9798,
CVE-2026-16103, CVE-2026-88770) in ``test_ways_in.py``, 13 (CVE-2024-7341) in A6, 22
(CVE-2026-97764) and 27 (CVE-2018-1000809) in A18, 23 (the timing notices of allauth) in A5, and 28
(CVE-2026-35597) under outages in A20. Of some there is more here.
"""

from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.core.cache import caches
from django.db import transaction
from django.db.models import F
from django.test import Client

from accounts.challenges.models import Challenge, Purpose
from accounts.lockout.models import PasswordFailures
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from sls.step_up.models import Pending
from tests.attacks.tools import PHONES, browser, other_than
from tests.cast import PASSWORD, begin, code_for, post_password
from tests.passkey_authenticator import Passkey, enrolled

races = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("who", "model"), [("alice", PhoneDevice), ("sam", AppDevice)])
def test_cve_2025_64102_every_method_counts_and_locks(request, clock, who, model):
    """Zitadel: the lock-out policy was not applied to codes."""
    user = request.getfixturevalue(who)
    while registry.devices(user.pk):
        tab = browser()
        url = begin(tab, who)
        for _ in range(5):
            tab.post(f"{url}answer/", {"code": "000000"})
        clock.shift(301)
    device = model.objects.get(user=user)
    assert device.failures == 20
    assert device.disabled_at is not None
    assert Challenge.objects.filter(user=user).count() == 4
    assert not Session.objects.exists()


def test_cve_2025_64103_a_code_without_a_password_is_no_session(client, alice):
    """Zitadel: the second factor alone gave a session."""
    begin(client)
    code = code_for(alice)
    stranger = browser()
    fields = {"username": "alice", "code": code}
    for path in ("/login/", "/activate/", f"/login/{'x' * 43}/answer/"):
        response = stranger.post(path, fields)
        assert response.status_code in (200, 404)
        assert portal.SESSION_COOKIE_NAME not in response.cookies
    assert not Session.objects.exists()


def test_cve_2025_64103_a_session_without_a_second_factor_leads_nowhere(client, alice, sign_in):
    sign_in(client, alice)
    Session.objects.update(device="")
    for path in ("/", "/settings/", PHONES):
        assert client.get(path).status_code == 403
    assert client.post(PHONES, {"number": "+14155550177"}).status_code == 403


@pytest.mark.parametrize("way", ["sms", "voice"])
def test_cve_2026_105211_no_answer_holds_the_code_it_asks_for(client, alice, clock, way):
    """Zitadel Login V2: the code was delivered to who asked for it."""
    answers = [post_password(client)]
    url, code = answers[0]["Location"], code_for(alice)
    clock.shift(31)
    answers += [
        client.get(url),
        client.post(f"{url}resend/", {"delivery": way}),
        client.post(f"{url}resend/", {"delivery": way, "returnCode": "true", "debug": "1"}),
        client.get(f"{url}status/"),
        client.get(f"{url}?returnCode=true"),
        client.post(f"{url}answer/", {"code": other_than(code)}),
        client.post(f"{url}answer/", {"code": ""}),
    ]
    for answer in answers:
        text = answer.content.decode() + str(answer.headers) + str(answer.cookies)
        for form in (code, f"{code[:3]} {code[3:]}", ", ".join(code)):
            assert form not in text


@pytest.mark.parametrize("way", ["sms", "passkey alone"])
def test_cve_2024_7341_no_way_in_keeps_the_key_that_was_there(client, alice, way):
    """Keycloak: one adapter did not change the session at the sign-in."""
    planted = "planted-by-an-attacker-0123456789abcdefgh"
    client.cookies[portal.SESSION_COOKIE_NAME] = planted
    if way == "sms":
        url = begin(client)
        client.post(f"{url}answer/", {"code": code_for(alice)})
    else:
        passkey = Passkey()
        enrolled(alice, passkey)
        question = client.post("/login/passkey/question/").json()["challenge"]
        client.post("/login/passkey/", {"code": passkey.answer(question)})
    assert client.get("/").status_code == 200
    assert client.cookies[portal.SESSION_COOKIE_NAME].value != planted
    thief = browser()
    thief.cookies[portal.SESSION_COOKIE_NAME] = planted
    assert thief.get("/").status_code == 302


@pytest.mark.parametrize("cookie", ["gone", "changed", "kept"])
def test_cve_2025_12390_who_comes_next_in_the_browser_sees_nothing_of_before(
    client, alice, bob, sign_in, cookie
):
    """Keycloak: after a log-off without its cookie the id was used again."""
    name = portal.SESSION_COOKIE_NAME
    sign_in(client, alice)
    hers = client.cookies[name].value
    client.session["note"] = "of Alice"
    client.session.save()
    if cookie == "gone":
        del client.cookies[name]
    elif cookie == "changed":
        client.cookies[name] = hers[::-1]
    client.post("/logout/")
    sign_in(client, bob)
    assert client.cookies[name].value != hers
    page = client.get("/").content.decode()
    assert "Bob Example" in page
    assert "Alice" not in page
    assert "note" not in client.session
    rows = Session.objects.values_list("user__username", "key")
    assert len({key for _user, key in rows}) == len(rows) == 2


def test_cve_2020_15105_no_password_waits_in_a_session(client, alice):
    """django-two-factor-auth: the password lay in the session between the steps."""
    url = begin(client)
    seen = []
    for cache in caches.all():
        redis = cache._cache.get_client(None)
        seen += [redis.get(key) for key in redis.keys("*") if redis.type(key) == b"string"]
    seen.append(str(dict(client.session)).encode())
    seen += [str(row).encode() for row in Attempt.objects.values_list()]
    assert seen
    assert not [value for value in seen if PASSWORD.encode() in value]
    client.post(f"{url}answer/", {"code": code_for(alice)})
    assert PASSWORD not in str(dict(client.session))


@races
def test_cve_2026_35597_no_transaction_around_takes_a_count_back(client, alice, monkeypatch):
    """Vikunja: the failed code was rolled back together with the request."""
    url = begin(client)
    challenge, method = Challenge.objects.get(), registry.get("sms")
    with pytest.raises(RuntimeError), transaction.atomic():
        method.verify(challenge, "000000", origin=SYSTEM)

    def broken(*args: object, **kwargs: object):
        raise ArithmeticError

    tab = browser()
    tab.cookies = client.cookies
    monkeypatch.setattr("sls.login.flow._record_failure", broken)
    assert tab.post(f"{url}answer/", {"code": other_than(challenge.code())}).status_code == 500
    assert Challenge.objects.get().tries_left == 4
    assert PhoneDevice.objects.get().failures == 1
    assert not portal.DATABASES["default"].get("ATOMIC_REQUESTS")


@pytest.mark.parametrize("cve", ["2026-105835", "2026-56450"])
def test_cve_2026_105835_and_56450_parallel_attempts_share_one_budget(alice, clock, cve):
    """PLANKA, AIL: the tries belonged to the pending sign-in, or nobody counted."""
    tabs = [browser() for _ in range(6)]
    urls = []
    for tab in tabs:
        urls.append(begin(tab))
        clock.shift(31)
    order = zip(tabs * 5, urls * 5, strict=True) if cve == "2026-105835" else each(tabs, urls)
    for tab, url in order:
        tab.post(f"{url}answer/", {"code": "000000"})
    assert PhoneDevice.objects.get().failures == 20
    tried = Challenge.objects.values_list("tries_left", flat=True)
    assert sum(5 - left for left in tried) == 20


def each(tabs: list[Client], urls: list[str]) -> list[tuple[Client, str]]:
    """Every tab five times in a row."""
    return [pair for pair in zip(tabs, urls, strict=True) for _ in range(5)]


@pytest.mark.parametrize("step", ["answer", "resend", "look", "step-up", "session"])
def test_cve_2026_95754_who_was_closed_passes_no_further_step(client, alice, sign_in, clock, step):
    """MISP: the column that says "disabled" was not loaded where the code was checked."""
    if step in ("step-up", "session"):
        sign_in(client, alice)
    if step == "step-up":
        clock.shift(61)
        held = client.post(PHONES, {"number": "+14155550177"})["Location"]
    else:
        url = begin(client) if step != "session" else ""
    User.objects.update(is_active=False)
    clock.shift(61)
    sent = Message.objects.count()
    if step == "answer":
        client.post(f"{url}answer/", {"code": code_for(alice)})
    elif step == "resend":
        client.post(f"{url}resend/", {"delivery": "voice"})
    elif step == "look":
        client.get(url)
    elif step == "session":
        assert client.get("/").status_code == 302
    else:
        assert client.post(held, {"password": PASSWORD})["Location"].startswith("/login/")
        assert not Pending.objects.filter(password_at__isnull=False).exists()
    assert client.get("/").status_code == 302
    assert not Session.objects.filter(user__is_active=True).exists()
    if step == "resend":
        assert Message.objects.count() == sent


def test_cve_2026_115829_no_code_is_made_before_the_password(alice, newcomer):
    """Delinea: the second factor could be asked for without the first, and used alone."""
    tab = browser()
    before = Message.objects.count()
    for path in ("/login/", "/activate/resend/", f"/login/{'x' * 43}/resend/", "/verify-caller/"):
        tab.post(path, {"username": "alice", "delivery": "sms", "password": "wrong"})
    assert not Challenge.objects.exclude(purpose=Purpose.ACTIVATION).exists()
    assert Message.objects.count() == before


def test_cve_2026_115829_a_step_up_asks_for_the_password_first(signed_in, alice, ask_to_add):
    url = ask_to_add(signed_in)
    before = Challenge.objects.count()
    for path in ("answer/", "resend/"):
        response = signed_in.post(f"{url}{path}", {"code": "000000", "delivery": "sms"})
        assert response["Location"] == url
    assert signed_in.get(f"{url}confirm/")["Location"] == url
    assert Challenge.objects.count() == before
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


def test_cve_2026_115829_a_code_for_one_purpose_serves_no_other(
    signed_in, alice, ask_to_add, clock
):
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    step_up_code = code_for(alice)
    clock.shift(61)
    tab = browser()
    sign_in_url = begin(tab)
    sign_in_code = code_for(alice)
    assert tab.post(f"{sign_in_url}answer/", {"code": step_up_code}).status_code == 200
    assert signed_in.post(f"{url}answer/", {"code": sign_in_code}).status_code == 200
    assert Session.objects.count() == 1
    assert not Pending.objects.filter(granted_at__isnull=False).exists()


def test_cve_2026_49448_an_empty_post_skips_no_step(client, signed_in, alice, ask_to_add):
    """authentik: an empty POST passed the stage."""
    tab = browser()
    url = begin(tab)
    for path in ("answer/", "method/", "resend/", ""):
        assert tab.post(f"{url}{path}", {}).status_code in (200, 400, 405)
    held = ask_to_add(signed_in)
    assert signed_in.post(held, {}).status_code == 200
    assert Session.objects.count() == 1
    assert not Pending.objects.filter(password_at__isnull=False).exists()


def test_keycloak_46164_a_lock_ends_the_sign_in_that_waits_for_its_code(alice):
    """Keycloak: after the lock, codes could be guessed on in the sign-in that was open."""
    guesser = browser()
    url = begin(guesser)
    for _ in range(10):
        post_password(browser(), password="wrong")
        # As if the waits were over; the sign-in itself lives for a quarter of an hour.
        PasswordFailures.objects.update(last_at=F("last_at") - timedelta(minutes=5))
    assert Attempt.objects.get().ended_why == "locked"
    challenge = Challenge.objects.get()
    assert guesser.post(f"{url}answer/", {"code": "000000"})["Location"] == "/login/?ended=locked"
    challenge.refresh_from_db()
    assert challenge.tries_left == 5


def test_keycloak_26177_passwords_and_codes_are_counted_apart(client, alice):
    """Keycloak: one counter for both, so that a right password forgave wrong codes."""
    url = begin(client)
    for _ in range(3):
        client.post(f"{url}answer/", {"code": "000000"})
    assert not PasswordFailures.objects.exists()
    post_password(browser(), password="wrong")
    begin(browser())
    assert PhoneDevice.objects.get().failures == 3
    assert PasswordFailures.objects.get().count == 1


def test_cve_2025_65430_what_was_issued_ends_with_the_next_request(client, alice, sign_in):
    """allauth: ``is_active`` stopped new tokens only."""
    sign_in(client, alice)
    User.objects.update(is_active=False)
    for path in ("/", "/settings/", PHONES):
        assert client.get(path)["Location"].startswith("/login/")
    assert client.post(PHONES, {"number": "+14155550177"})["Location"].startswith("/login/")


@pytest.mark.parametrize("name", ["ALICE", "ａｌｉｃｅ", " alice"])
def test_cve_2026_97764_a_lock_is_lifted_and_counted_under_every_spelling(alice, name):
    """allauth: variants of a name had budgets of their own."""
    post_password(browser(), "alice", "wrong")
    post_password(browser(), name, "wrong")
    assert PasswordFailures.objects.get().count == 2
    PasswordFailures.objects.update(count=10)
    browser().post("/unlock/", {"username": name})
    assert Challenge.objects.get().purpose == Purpose.UNLOCK
