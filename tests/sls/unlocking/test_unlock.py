"""The owner lifts the lock: a code from the e-mail, then an authenticator."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import EmailAddress
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from tests.attacks.tools import other_than
from tests.cast import PIN, SEED, app_device, card_device, code_for, code_set, post_password
from tests.cast import response as card_response
from tests.passkey_authenticator import Passkey, enrolled

UNLOCK = "/unlock/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(alice) -> AppDevice:
    return app_device(alice, "Work phone")


def lock(name: str = "alice") -> None:
    """Ten wrong passwords by a stranger."""
    now = timezone.now()
    PasswordFailures.objects.create(pk=lockout.key_of(name), count=10, first_at=now, last_at=now)


@pytest.fixture
def locked(alice, app) -> User:
    lock()
    return alice


def ask(client: Client, name: str = "alice") -> str:
    response = client.post(UNLOCK, {"username": name})
    assert response.status_code == 302
    return response["Location"]


def confirm(client: Client, user: User) -> str:
    """With the code of the mail; returns where the authenticator is asked for."""
    response = client.post(ask(client), {"code": code_for(user)})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def app_code() -> str:
    return f"{totp(SEED):06d}"


def is_locked() -> bool:
    return PasswordFailures.objects.filter(count=10).exists()


def test_lifts_the_lock_by_a_mailed_code_and_an_app(client, locked):
    url = confirm(client, locked)
    assert "Open your authenticator app" in client.get(url).content.decode()
    response = client.post(f"{url}answer/", {"code": app_code()})
    assert response["Location"] == "/login/?ended=unlocked"
    assert not is_locked()
    assert "The pause is lifted" in client.get(response["Location"]).content.decode()
    assert post_password(client).status_code == 302


def test_takes_no_code_of_an_address_that_left_the_list(client, locked):
    url = ask(client)
    EmailAddress.objects.update(primary=False, removed_at=timezone.now())
    assert client.post(url, {"code": code_for(locked)}).status_code == 200
    assert not Attempt.objects.exists()


def test_takes_the_code_for_as_long_as_it_lives(client, locked, clock, settings):
    url = ask(client)
    clock.shift(settings.EMAIL_CODE_LIFE - 60)
    assert client.get(url).status_code == 200
    ages = [
        cookie["max-age"]
        for name, cookie in client.cookies.items()
        if name.startswith(settings.ATTEMPT_COOKIE_PREFIX)
    ]
    assert ages == [settings.EMAIL_CODE_LIFE]


def test_signs_nobody_in(client, locked):
    url = confirm(client, locked)
    client.post(f"{url}answer/", {"code": app_code()})
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302


def test_is_recorded_and_told(client, locked):
    url = confirm(client, locked)
    client.post(f"{url}answer/", {"code": app_code()})
    entry = Entry.objects.get(event=Event.SIGN_IN_UNLOCKED)
    assert (entry.actor, entry.detail) == ("self", {"method": "authenticator_app"})
    mail = Message.objects.get(name="sign_in_unlocked").content()["text"]
    assert "by a code that went to your e-mail address and one of your authenticators" in mail


def test_lifts_it_by_a_card(client, alice):
    card_device(alice)
    lock()
    url = confirm(client, alice)
    answer = card_response(Challenge.objects.latest("created_at"), pin=PIN)
    assert client.post(f"{url}answer/", {"code": answer})["Location"] == "/login/?ended=unlocked"


def test_lifts_it_by_a_passkey(client, alice):
    key = Passkey()
    enrolled(alice, key)
    lock()
    url = confirm(client, alice)
    answer = key.answer(Challenge.objects.latest("created_at").question)
    assert client.post(f"{url}answer/", {"code": answer})["Location"] == "/login/?ended=unlocked"


def test_offers_neither_text_message_nor_printed_codes(client, locked):
    code_set(locked)
    enrolled(locked, Passkey())
    page = client.get(confirm(client, locked)).content.decode()
    assert page.count('name="device"') == 2
    assert "Text message" not in page
    assert "Backup codes" not in page
    assert "Choose how to unlock" in page


def test_sends_no_code_to_a_telephone(client, locked):
    confirm(client, locked)
    assert {message.channel for message in Message.objects.all()} == {"email"}


def test_tells_who_holds_nothing_of_the_kind_only_after_the_code(client, alice):
    lock()
    url = ask(client)
    assert "confirmed" not in client.get(url).content.decode()
    page = client.post(url, {"code": code_for(alice)}).content.decode()
    assert "Your e-mail is confirmed" in page
    assert "Please call us" in page
    assert is_locked()


def test_forgets_what_was_counted_in_known_browsers_too(client, locked):
    now = timezone.now()
    KnownDevice.objects.create(user=locked, digest="hers", agent="", first_at=now, last_at=now)
    PasswordFailures.objects.create(
        pk=lockout.key_of("alice", "hers"), count=10, first_at=now, last_at=now
    )
    url = confirm(client, locked)
    client.post(f"{url}answer/", {"code": app_code()})
    assert not PasswordFailures.objects.exists()


@pytest.mark.parametrize("who", ["nobody-at-all", "bob", "alice"])
def test_mails_nothing_to_a_name_that_is_not_locked(client, alice, bob, app, who):
    assert ask(client, who)
    assert not Message.objects.exists()
    assert not Challenge.objects.exists()
    assert not Entry.objects.exists()


def test_mails_nothing_to_an_address_that_is_new(client, locked):
    EmailAddress.objects.update(trusted_from=timezone.now() + timedelta(hours=1))
    ask(client)
    assert not Message.objects.exists()


def test_mails_to_an_older_address_while_the_primary_one_is_new(client, locked):
    now = timezone.now()
    EmailAddress.objects.update(trusted_from=now + timedelta(hours=1))
    EmailAddress.objects.create(
        user=locked, address="old@example.com", created_at=now, verified_at=now, trusted_from=now
    )
    client.post("/unlock/", {"username": "alice"})
    assert Challenge.objects.get().destination == "old@example.com"


def test_takes_the_code_in_the_browser_that_asked_only(client, locked):
    url = ask(client)
    assert Client().get(url).status_code == 404
    assert Client().post(url, {"code": code_for(locked)}).status_code == 404
    assert client.get(f"{UNLOCK}{'x' * 43}/").status_code == 404


def test_takes_five_tries_whether_a_code_was_sent_or_not(client, locked):
    pages = []
    for name in ("alice", "nobody-at-all"):
        url = ask(client, name)
        pages.append([client.post(url, {"code": "000000"}) for _ in range(6)])
    assert "does not match" in pages[0][4].content.decode()
    assert "No more codes are accepted here" in pages[0][5].content.decode()
    assert "No more codes are accepted here" in pages[1][5].content.decode()
    assert Challenge.objects.get().tries_left == 0


def test_takes_the_right_code_no_more_once_the_tries_are_over(client, locked):
    url = ask(client)
    code = code_for(locked)
    for _ in range(5):
        client.post(url, {"code": other_than(code)})
    assert client.post(url, {"code": code}).status_code == 200
    assert not Attempt.objects.exists()


def test_a_second_mail_buys_five_tries_and_five_mails_are_all(client, locked, clock):
    for _ in range(12):
        ask(client)
        clock.shift(61)
    assert Message.objects.filter(name="unlock_code").count() == 5


def test_asks_again_within_the_spacing_and_the_mail_comes_a_little_later(client, locked):
    ask(client)
    second = ask(client)
    assert Message.objects.filter(name="unlock_code").count() == 2
    response = client.post(second, {"code": code_for(locked)})
    assert response.status_code == 302


def test_a_code_of_another_purpose_opens_nothing(client, locked):
    url = ask(client)
    mine = code_for(locked)
    PasswordFailures.objects.all().delete()
    tab = Client()
    sign_in = post_password(tab)["Location"]
    assert tab.post(f"{sign_in}answer/", {"code": mine}).status_code == 200
    lock()
    assert client.post(url, {"code": app_code()}).status_code == 200
    assert not Session.objects.exists()
    assert is_locked()


def test_counts_wrong_answers_of_the_authenticator(client, locked, app):
    url = confirm(client, locked)
    for _ in range(5):
        client.post(f"{url}answer/", {"code": other_than(app_code())})
    app.refresh_from_db()
    assert app.failures == 5
    assert client.post(f"{url}answer/", {"code": app_code()}).status_code == 200
    assert is_locked()


def test_records_a_wrong_code_for_the_owner_to_see(client, locked):
    client.post(ask(client), {"code": "000000"})
    entry = Entry.objects.latest("number")
    assert entry.event == Event.UNLOCK_FAILED


def test_refuses_who_was_closed_in_the_meantime(client, locked):
    url = confirm(client, locked)
    User.objects.update(is_active=False)
    client.post(f"{url}answer/", {"code": app_code()})
    assert is_locked()


def test_leads_back_once_the_time_is_over(client, locked):
    url = ask(client)
    caches["default"].clear()
    assert client.get(url)["Location"] == "/login/?ended=expired"


def test_asks_for_the_name_where_none_was_carried(client, db):
    assert client.get(UNLOCK).status_code == 200
    page = client.post(UNLOCK, {"username": ""})
    assert page.status_code == 200
    assert "Enter your user name." in page.content.decode()


def test_limits_what_one_address_may_ask(client, db, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 3
    answers = [client.post(UNLOCK, {"username": f"name-{n}"}).status_code for n in range(4)]
    assert answers == [302, 302, 302, 429]


def test_the_purpose_is_its_own(client, locked):
    confirm(client, locked)
    assert set(Challenge.objects.values_list("purpose", flat=True)) == {Purpose.UNLOCK}
