"""Lock now: what a locked session opens, and what unlocks it."""

import json
import re
from itertools import product

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.lockout.models import PasswordFailures
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks.tools import browser, twin
from tests.cast import PASSWORD, begin, code_for
from tests.passkey_authenticator import Passkey, enrolled
from tests.passkeys import options_in
from tests.sls.enrolment.test_gate import closed
from tests.staged import staged

pytestmark = pytest.mark.django_db
UNLOCK, BY_PASSKEY = "/locked/", "/locked/passkey/"


@pytest.fixture
def locked(client, alice, sign_in) -> Client:
    """Alice's browser, locked."""
    sign_in(client, alice)
    assert client.post("/lock/", headers={"Referer": "http://testserver/help/"}).status_code == 302
    return client


def is_open(client: Client) -> bool:
    return client.get("/").status_code == 200


def unlock(client: Client, password: str = PASSWORD, **fields: str):
    return client.post(UNLOCK, {"password": password, **fields})


def lock_again(client: Client, user: User) -> Client:
    """Signs in by SMS although there is a passkey, and locks."""
    url = begin(client)
    client.post(f"{url}method/", {"device": PhoneDevice.objects.get(user=user).persistent_id})
    assert client.post(f"{url}answer/", {"code": code_for(user)}).status_code == 302
    client.post("/lock/")
    return client


def test_nobody_unlocks_it_from_outside_the_restrictions(locked, alice):
    restrict(alice, "127.0.0.1")
    locked.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    assert unlock(locked).status_code == 403
    assert Session.objects.get().ended_why == End.ADDRESS
    assert unlock(locked)["Location"] == "/"
    assert not is_open(locked)


class TestLock:
    def test_leads_to_the_lock_and_back_to_where_it_was_pressed(self, client, alice, sign_in):
        sign_in(client, alice)
        page = {"Referer": "http://testserver/help/?a=1"}
        assert client.post("/lock/", headers=page)["Location"] == "/locked/?next=%2Fhelp%2F%3Fa%3D1"

    def test_is_of_the_session_in_every_tab(self, locked):
        assert not is_open(twin(locked))

    def test_leaves_other_sessions_open(self, locked, alice, sign_in, clock):
        clock.shift(61)
        assert is_open(sign_in(browser(), alice))

    def test_closes_the_step_up_window(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        Session.objects.update(verified_action="x", verified_until="2100-01-01T00:00Z")
        client.post("/lock/")
        row = Session.objects.get()
        assert (row.verified_action, row.verified_until) == ("", None)

    def test_is_recorded_once(self, locked):
        locked.post("/lock/")
        assert Entry.objects.filter(event=Event.SESSION_LOCKED).count() == 1

    def test_outlives_a_cache_that_lost_everything(self, locked):
        caches["default"].clear()
        assert not is_open(locked)
        assert unlock(locked)["Location"] == "/"
        assert is_open(locked)


class TestLocked:
    def test_every_signed_in_page_leads_to_the_lock(self, locked, subtests):
        again = staged(locked)
        for method, url in product(("get", "post"), closed()):
            with subtests.test(method=method, url=url), again():
                response = getattr(locked, method)(url)
                assert response.status_code == 302
                assert response["Location"].startswith(UNLOCK)

    def test_what_a_page_asks_by_itself_is_refused(self, locked):
        polls = {"HX-Request": "true"}
        assert locked.get(reverse("session_left"), headers=polls).status_code == 403

    def test_the_sign_in_page_leads_to_the_lock_too(self, locked):
        assert locked.get("/login/?next=/help/")["Location"] == "/locked/?next=%2Fhelp%2F"

    @pytest.mark.parametrize("path", ["/verify-caller/", "/not-me/", "/activate/"])
    def test_pages_for_everybody_know_nobody(self, locked, path):
        page = locked.get(path).content.decode()
        assert "Alice" not in page

    def test_logging_off_works(self, locked):
        assert locked.post("/logout/").status_code == 200
        assert Session.objects.get().ended_why == End.SIGNED_OUT

    def test_a_new_sign_in_ends_it(self, locked, bob, sign_in, clock):
        clock.shift(61)
        sign_in(locked, bob)
        assert Session.objects.get(ended_at=None).user == bob

    def test_it_is_not_kept_alive_by_its_own_page(self, locked, clock):
        for _ in range(3):
            clock.shift(5 * 60)
            locked.get(UNLOCK)
        assert Session.objects.get().ended_why == End.IDLE

    def test_the_page_says_whose_it_is_and_offers_no_passkey_without_one(self, locked):
        page = locked.get(UNLOCK).content.decode()
        assert "Alice Example" in page
        assert BY_PASSKEY not in page

    def test_speaks_the_language_of_the_person(self, client, dai, sign_in):
        sign_in(client, dai)
        client.post("/lock/")
        assert '<html lang="ja">' in client.get(UNLOCK).content.decode()


class TestPassword:
    def test_the_right_one_unlocks_and_leads_back(self, locked):
        assert unlock(locked, next="/help/")["Location"] == "/help/"
        assert is_open(locked)
        assert Entry.objects.get(event=Event.SESSION_UNLOCKED).detail == {"method": "password"}

    @pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "javascript:x"])
    def test_it_leads_nowhere_else(self, locked, path):
        assert unlock(locked, next=path)["Location"] == "/"

    def test_a_wrong_one_is_counted_as_at_the_sign_in(self, locked):
        assert "does not match" in unlock(locked, "wrong").content.decode()
        assert PasswordFailures.objects.get().count == 1
        assert Entry.objects.get(event=Event.PASSWORD_FAILED).detail == {"at": "unlock"}
        assert not is_open(locked)

    def test_none_is_no_try(self, locked):
        assert "Enter your password" in unlock(locked, "").content.decode()
        assert Session.objects.get().unlock_failures == 0

    def test_the_fifth_wrong_one_ends_the_session(self, locked, clock):
        for _ in range(4):
            assert unlock(locked, "wrong").status_code == 200
        assert unlock(locked, "wrong").status_code == 302
        assert Session.objects.get().ended_why == End.UNLOCKING
        assert "wrong tries to unlock" in locked.get("/login/").content.decode()

    def test_the_right_one_begins_the_count_anew(self, locked):
        unlock(locked, "wrong")
        unlock(locked)
        locked.post("/lock/")
        assert Session.objects.get().unlock_failures == 0

    def test_a_locked_name_takes_none_and_says_until_when(self, locked, clock):
        PasswordFailures.objects.all().delete()
        unlock(locked, "wrong")
        PasswordFailures.objects.update(count=10)
        answer = unlock(locked)
        assert "Use a passkey, or log off" in answer.content.decode()
        assert not is_open(locked)

    def test_a_session_that_ended_meanwhile_is_not_opened(self, locked):
        Session.objects.update(ended_at="2026-01-01T00:00Z", ended_why=End.CLOSED)
        assert unlock(locked).status_code == 302
        assert not is_open(locked)

    def test_whoever_is_not_locked_is_led_on(self, client, alice, sign_in):
        sign_in(client, alice)
        assert client.get(f"{UNLOCK}?next=/help/")["Location"] == "/help/"
        assert Client().get(UNLOCK)["Location"] == "/"


class TestPasskey:
    @pytest.fixture
    def key(self, alice) -> Passkey:
        passkey = Passkey()
        enrolled(alice, passkey)
        return passkey

    @pytest.fixture
    def locked(self, client, alice, key) -> Client:
        return lock_again(client, alice)

    def question(self, client: Client) -> str:
        return json.loads(options_in(client.get(UNLOCK).content.decode()))["challenge"]

    def answer(self, client: Client, text: str):
        return client.post(BY_PASSKEY, {"code": text})

    def test_unlocks(self, locked, key):
        assert self.answer(locked, key.answer(self.question(locked)))["Location"] == "/"
        assert is_open(locked)
        assert Entry.objects.get(event=Event.SESSION_UNLOCKED).detail == {"method": "passkey"}

    def test_an_answer_opens_once(self, locked, key):
        text = key.answer(self.question(locked))
        self.answer(locked, text)
        locked.post("/lock/")
        assert self.answer(locked, text).status_code == 200
        assert not is_open(locked)

    def test_a_question_of_another_session_is_none_of_this(self, locked, key, alice, clock):
        clock.shift(61)
        other = lock_again(browser(), alice)
        text = key.answer(self.question(other))
        assert "took too long" in self.answer(locked, text).content.decode()
        assert not is_open(locked)

    def test_that_of_somebody_else_opens_nothing_and_is_counted(self, locked, bob):
        his = Passkey()
        enrolled(bob, his)
        answer = self.answer(locked, his.answer(self.question(locked)))
        assert "does not open this session" in answer.content.decode()
        assert Session.objects.get().unlock_failures == 1
        assert not is_open(locked)

    def test_a_revoked_one_opens_nothing(self, locked, key):
        text = key.answer(self.question(locked))
        PasskeyDevice.objects.update(confirmed=False, public_key=None, revoked_at="2026-01-01T00Z")
        self.answer(locked, text)
        assert not is_open(locked)

    def test_five_wrong_ones_end_the_session(self, locked, bob):
        his = Passkey()
        enrolled(bob, his)
        for _ in range(5):
            last = self.answer(locked, his.answer(self.question(locked)))
        assert last.status_code == 302
        assert Session.objects.get(user__username="alice").ended_why == End.UNLOCKING

    def test_what_is_no_passkey_is_no_try(self, locked):
        for text in ("", "x", "{}"):
            assert self.answer(locked, text).status_code == 200
        assert Session.objects.get().unlock_failures == 0

    def test_who_is_not_locked_is_led_on(self, client):
        assert self.answer(client, "{}")["Location"] == "/"


def test_every_page_has_the_button(client, alice, sign_in):
    sign_in(client, alice)
    page = client.get("/help/").content.decode()
    assert re.search(r'<form[^>]*action="/lock/" method="post">\s*<input[^>]*csrf', page)
