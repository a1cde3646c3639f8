"""A3: a stranger types wrong passwords for Alice, a thousand times, to keep her out."""

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from tests.attacks.tools import browser
from tests.cast import SEED, app_device, begin, code_for, post_password
from tests.passkey_authenticator import Passkey, enrolled

FAILURES = 1000

pytestmark = pytest.mark.django_db


def stranger(number: int) -> Client:
    """A browser at an address of its own, which makes up a device cookie."""
    tab = browser()
    tab.defaults["REMOTE_ADDR"] = f"100.64.{number // 250}.{1 + number % 250}"
    tab.cookies["device"] = f"made up {number}"
    return tab


def attack(clock, times: int = FAILURES) -> None:
    """The first ten as far apart as it takes to count, the others as fast as can be."""
    for number in range(times):
        post_password(stranger(number), password=f"guess {number}")
        if number < 10:
            clock.shift(300)


@pytest.fixture
def at_home(client, alice, sign_in, clock) -> Client:
    """Alice's own browser, logged off."""
    sign_in(client, alice)
    client.post("/logout/")
    clock.shift(61)
    Message.objects.all().delete()
    return client


def test_alice_is_told_once_and_gets_in_with_her_browser(at_home, alice, clock):
    attack(clock)
    assert "This user name is paused until" in post_password(browser()).content.decode()
    mails = Message.objects.filter(name="sign_in_locked")
    assert mails.count() == 1
    assert Entry.objects.filter(event=Event.SIGN_IN_LOCKED).count() == 1
    assert Entry.objects.filter(event=Event.PASSWORD_FAILED).count() == 10
    url = begin(at_home)
    assert at_home.post(f"{url}answer/", {"code": code_for(alice)})["Location"] == "/"
    assert at_home.get("/").status_code == 200


def test_alice_gets_in_with_a_passkey_from_anywhere(alice, clock):
    key = Passkey()
    enrolled(alice, key)
    attack(clock, 12)
    tab = browser()
    question = tab.post("/login/passkey/question/").json()["challenge"]
    assert tab.post("/login/passkey/", {"code": key.answer(question)})["Location"] == "/"
    assert tab.get("/").status_code == 200


def test_what_is_signed_in_stays_and_still_proves_by_its_browser(
    client, alice, sign_in, ask_to_add, clock
):
    sign_in(client, alice)
    attack(clock, 12)
    # Used in between, as far as the idle limit is concerned.
    Session.objects.update(seen_at=Entry.objects.latest("number").at)
    assert client.get("/").status_code == 200
    url = ask_to_add(client)
    assert client.post(url, {"password": "lantern-orbit-cactus-42"}).status_code == 302


def test_alice_lifts_the_lock_and_the_stranger_cannot(alice, clock):
    app_device(alice)
    attack(clock, 12)
    hers, other = browser(), browser()
    url = hers.post("/unlock/", {"username": "alice"})["Location"]
    code = Challenge.objects.get(purpose="unlock").code()
    clock.shift(61)
    for place in range(10):
        asked = other.post("/unlock/", {"username": "alice"})["Location"]
        other.post(asked, {"code": f"{place:06d}"})
    assert other.post(url, {"code": code}).status_code == 404
    there = hers.post(url, {"code": code})["Location"]
    response = hers.post(f"{there}answer/", {"code": f"{totp(SEED):06d}"})
    assert response["Location"] == "/login/?ended=unlocked"
    assert not PasswordFailures.objects.exists()


def test_a_thousand_requests_to_unlock_send_five_mails_at_most(alice, clock):
    app_device(alice)
    attack(clock, 10)
    for number in range(200):
        stranger(number).post("/unlock/", {"username": "alice"})
    clock.shift(3600)
    for number in range(200):
        stranger(number).post("/unlock/", {"username": "alice"})
    assert Message.objects.filter(name="unlock_code").count() <= 5


def test_another_name_is_not_touched(alice, bob, clock):
    attack(clock, 12)
    assert post_password(browser(), "bob").status_code == 302
