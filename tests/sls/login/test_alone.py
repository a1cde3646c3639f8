"""Signing in by a passkey alone."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.lockout.models import PasswordFailures
from accounts.origin import Origin, digest, halves
from accounts.outbox.models import Message
from accounts.sessions import browsers
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods.passkey.models import PasskeyDevice
from sls.policy.models import Policy
from tests.cast import post_password
from tests.passkey_authenticator import PRESENT, Passkey, enrolled

ASK, ENTER = "/login/passkey/question/", "/login/passkey/"
SENTENCE = "That passkey could not sign you in."

pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey() -> Passkey:
    return Passkey()


@pytest.fixture
def device(alice, passkey) -> PasskeyDevice:
    return enrolled(alice, passkey)


def question(client: Client) -> str:
    response = client.post(ASK)
    assert response.status_code == 200
    return response.json()["challenge"]


def enter(client: Client, passkey: Passkey, **fields: str):
    return client.post(ENTER, {"code": passkey.answer(question(client)), **fields})


def test_signs_in_without_name_and_password(client, device, passkey):
    assert enter(client, passkey)["Location"] == "/"
    assert client.get("/").status_code == 200
    session = Session.objects.get()
    assert (session.method, session.device) == ("passkey", device.persistent_id)


def test_is_recorded_and_told_as_any_sign_in_from_a_new_device(client, alice, device, passkey):
    enter(client, passkey)
    assert Entry.objects.get().event == Event.SIGNED_IN_NEW_DEVICE
    assert Message.objects.get().name == "new_device_sign_in"
    assert KnownDevice.objects.get().user == alice
    client.post("/logout/")
    enter(client, passkey)
    assert Entry.objects.latest("number").event == Event.SIGNED_IN


def test_asks_for_any_passkey_that_verifies_the_person(client, db):
    wanted = client.post(ASK).json()
    assert wanted["allowCredentials"] == []
    assert (wanted["rpId"], wanted["userVerification"]) == ("localhost", "required")


def test_puts_a_question_without_a_statement(client, db, counted_queries):
    with counted_queries(0):
        question(client)


def test_stays_within_its_statements(client, device, passkey, counted_queries):
    enter(client, passkey)
    client.post("/logout/")
    text = passkey.answer(question(client))
    with counted_queries(most=16):
        assert client.post(ENTER, {"code": text}).status_code == 302


def test_goes_on_to_the_page_that_was_wanted(client, device, passkey):
    assert enter(client, passkey, next="/settings/")["Location"] == "/settings/"
    assert enter(Client(), passkey, next="https://evil.example/")["Location"] == "/"


def test_is_not_remembered_on_a_public_computer(client, device, passkey):
    enter(client, passkey, public_computer="on")
    assert not KnownDevice.objects.exists()
    assert Session.objects.get().idle_seconds == 300


def test_lets_staff_in(client, sam, passkey):
    enrolled(sam, passkey)
    enter(client, passkey)
    assert client.get("/console/").status_code == 200


def test_is_what_a_policy_demands_and_what_worked_here(client, alice, device, passkey):
    Policy.objects.create(user=alice, begins=timezone.localdate(), made_at=timezone.now())
    enter(client, passkey)
    assert Session.objects.get().enrol_only_from is None
    assert client.get("/").status_code == 200
    series, token = halves(client.cookies["device"].value)
    origin = Origin(device=digest(series), device_token=digest(token))
    assert browsers.recognise(user_id=alice.pk, origin=origin).used == device.persistent_id


def test_gets_in_while_the_password_is_locked(client, device, passkey):
    post_password(client, "alice", "wrong")
    PasswordFailures.objects.update(count=10)
    assert enter(client, passkey)["Location"] == "/"
    assert PasswordFailures.objects.get().count == 10


def test_needs_the_answer_to_a_question_of_this_browser(client, device, passkey):
    text = passkey.answer(question(Client()))
    for tab in (client, Client()):
        question(client)
        page = tab.post(ENTER, {"code": text}).content.decode()
        assert "That took too long." in page
    assert not Session.objects.exists()


def test_takes_an_answer_once(client, device, passkey):
    text = passkey.answer(question(client))
    assert client.post(ENTER, {"code": text}).status_code == 302
    client.post("/logout/")
    assert client.post(ENTER, {"code": text}).status_code == 200
    assert Session.objects.filter(ended_at=None).count() == 0


def test_takes_no_answer_after_five_minutes(client, device, passkey):
    text = passkey.answer(question(client))
    [cache] = [one for one in caches.all() if one.key_prefix == "portal"]
    [key] = cache._cache.get_client(None).keys("*passkey:*")
    assert 290 < cache._cache.get_client(None).ttl(key) <= 300
    cache.clear()
    assert client.post(ENTER, {"code": text}).status_code == 200
    assert not Session.objects.exists()


def test_several_tabs_do_not_take_each_others_place(client, device, passkey):
    first, second = question(client), question(client)
    assert first != second
    assert client.post(ENTER, {"code": passkey.answer(first)}).status_code == 302


@pytest.mark.parametrize("state", ["unknown", "foreign_key", "disabled", "revoked", "pending"])
def test_says_one_sentence_whatever_is_wrong_and_counts_nothing(
    client, device, passkey, state, counted_queries
):
    if state == "unknown":
        passkey.id = b"never seen before"
    elif state == "foreign_key":
        passkey.key = Passkey().key
    elif state == "disabled":
        PasskeyDevice.objects.update(disabled_at=timezone.now())
    else:
        revoked = timezone.now() if state == "revoked" else None
        PasskeyDevice.objects.update(confirmed=False, revoked_at=revoked, public_key=None)
    text = passkey.answer(question(client))
    with counted_queries(1):
        response = client.post(ENTER, {"code": text})
    assert response.status_code == 200
    assert SENTENCE in response.content.decode()
    assert not Attempt.objects.exists()
    assert not Entry.objects.exists()
    assert PasskeyDevice.objects.get().failures == 0


def test_needs_an_authenticator_that_names_its_user(client, device, passkey):
    passkey.handle = None
    assert SENTENCE in enter(client, passkey).content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize("said", ["\ud800", 7, None, ["x"], {"a": 1}, "", "x" * 5000])
def test_refuses_challenges_that_nobody_put(client, device, passkey, said):
    asked = question(client)
    response = client.post(ENTER, {"code": passkey.answer(asked, challenge=said)})
    assert response.status_code == 200
    assert not Session.objects.exists()


@pytest.mark.parametrize("text", ["", "493817", "{}", "[" * 5000, '{"id":1}', "x" * 20_000])
def test_refuses_what_is_no_passkey(client, db, text):
    question(client)
    response = client.post(ENTER, {"code": text})
    assert response.status_code == 200
    assert "sent no passkey" in response.content.decode()


def test_counts_what_the_key_itself_has_signed(client, device, passkey):
    passkey.flags = PRESENT
    response = enter(client, passkey)
    assert "did not check that it is you" in response.content.decode()
    assert PasskeyDevice.objects.get().failures == 1
    assert Entry.objects.get().event == Event.SIGN_IN_FAILED


def test_cve_2025_53942_a_closed_user_stays_out(client, alice, device, passkey):
    User.objects.update(is_active=False)
    response = enter(client, passkey)
    assert "This user name cannot sign in." in response.content.decode()
    assert Entry.objects.get().event == Event.SIGN_IN_REFUSED
    assert not Session.objects.exists()


def test_limits_questions_and_answers_by_address(client, device, passkey, settings, clock):
    clock.move_to("2026-11-21T12:00:00Z", tick=False)  # windows are fixed
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 2
    texts = [passkey.answer(question(client)) for _ in range(2)]
    assert client.post(ASK).status_code == 429
    for text in texts:
        client.post(ENTER, {"code": text})
    assert client.post(ENTER, {"code": texts[0]}).status_code == 429


def test_needs_the_token_of_the_form(device, passkey):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ASK).status_code == 403
    assert strict.post(ENTER, {"code": "{}"}).status_code == 403


def test_keeps_the_question_from_other_pages(client, db):
    client.post(ASK)
    cookie = client.cookies["passkey"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 300)


def test_the_challenge_that_is_written_is_the_question_that_was_put(client, device, passkey):
    asked = question(client)
    client.post(ENTER, {"code": passkey.answer(asked)})
    assert Challenge.objects.get().question == asked
