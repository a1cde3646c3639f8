"""What a policy makes of a sign-in."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.methods.passkey.models import PasskeyDevice
from sls.policy.services import today_everywhere
from tests.cast import app_device, begin, code_for, post_password
from tests.passkey_authenticator import PRESENT, Passkey, enrolled
from tests.passkeys import make as make_passkey
from tests.sls.policy.conftest import today

pytestmark = pytest.mark.django_db(transaction=True)
SINCE = "Your account asks for a passkey since"


@pytest.fixture
def key() -> Passkey:
    return Passkey()


@pytest.fixture
def passkey(alice, key) -> PasskeyDevice:
    return enrolled(alice, key, "Passkey on Pixel 9")


def answer(client, url, code):
    return client.post(f"{url}answer/", {"code": code})


def page(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_before_the_day_everything_is_offered(client, alice, passkey, make):
    make(role="client", days=1 + 14)
    assert "Text message to +1 ... 01" in page(client, begin(client))


def test_from_the_day_on_only_what_is_strong_enough(client, alice, passkey, key, make):
    app_device(alice)
    make(role="client")
    url = begin(client)
    shown = page(client, url)
    assert SINCE in shown
    assert "Text message" not in shown
    assert "Authenticator app" not in shown
    assert not Message.objects.exists()
    response = answer(client, url, key.answer(Challenge.objects.get().question))
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Session.objects.get().enrol_only_from is None


def test_of_two_passkeys_one_is_chosen(client, alice, passkey, make):
    enrolled(alice, Passkey(), "Passkey on Windows")
    make(role="client")
    shown = page(client, begin(client))
    assert "Passkey on Pixel 9" in shown
    assert "Passkey on Windows" in shown
    assert "Text message" not in shown


def test_what_is_not_offered_cannot_be_asked_for_either(client, alice, passkey, make):
    make(role="client")
    url = begin(client)
    weak = alice.phonenumbers.get().devices.get()
    response = client.post(f"{url}method/", {"device": weak.persistent_id})
    assert "Choose one of your own ways" in response.content.decode()
    assert not Message.objects.exists()


def test_who_has_none_is_let_in_by_what_they_have_to_add_one(client, alice, make):
    make(role="client")
    url = begin(client)
    assert answer(client, url, code_for(alice)).status_code == 302
    assert Session.objects.get().enrol_only_from <= today()
    response = client.get("/")
    assert response.status_code == 403
    assert "Add a passkey first" in response.content.decode()


def test_a_day_that_comes_between_password_and_code_counts(client, alice, passkey, make, clock):
    policy = make(role="client", days=14)
    midnight = datetime.combine(policy.begins, time.min, ZoneInfo(alice.zone))
    clock.move_to(midnight - timedelta(seconds=60))
    url = begin(client)
    weak = alice.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": weak.persistent_id})
    clock.move_to(midnight + timedelta(seconds=60))
    response = answer(client, url, code_for(alice))
    assert response["Location"] == "/login/?ended=too_weak"
    assert not Session.objects.exists()
    refused = Entry.objects.get(event=Event.SIGN_IN_REFUSED)
    assert refused.detail == {"why": "too_weak"}
    assert "sign in with yours" in client.get(response["Location"]).content.decode()


def test_exhausting_the_passkey_does_not_open_the_telephone(client, alice, passkey, make):
    PasskeyDevice.objects.update(disabled_at=timezone.now())
    make(role="client")
    response = post_password(client)
    assert response.status_code == 200
    assert "no way left" in response.content.decode()
    assert not Message.objects.exists()


def test_a_revoked_passkey_does_not_count(client, alice, passkey, make):
    PasskeyDevice.objects.update(confirmed=False, public_key=None, revoked_at=timezone.now())
    make(role="client")
    assert post_password(client).status_code == 302
    assert Message.objects.exists()


def test_staff_may_be_asked_for_a_passkey_while_clients_are_not(sam, alice, make):
    make(role="staff")
    enrolled(sam, Passkey(), "Security key")
    desk, home = Client(), Client()
    assert SINCE in page(desk, begin(desk, "sam"))
    assert SINCE not in page(home, begin(home))


def test_a_new_client_of_such_an_entity_begins_with_a_passkey(client, newcomer, make):
    make(user=newcomer)
    url = begin(client, "nina")
    assert answer(client, url, code_for(newcomer))["Location"] == "/"
    assert "Add a passkey first" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/settings/", "/help/"])
def test_a_banner_says_it_beforehand_on_every_page(client, alice, sign_in, make, path):
    make(role="client", days=14)
    sign_in(client, alice)
    day = today() + timedelta(days=14)
    shown = page(client, path)
    assert f"From {day.day} {day:%B %Y} signing in takes a passkey." in shown


def test_no_banner_for_who_has_one(client, alice, passkey, sign_in, make):
    make(role="client", days=14)
    url = begin(client)
    weak = alice.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": weak.persistent_id})
    answer(client, url, code_for(alice))
    assert "passkey-due" not in page(client, "/")


def test_neither_banner_nor_gate_asks_the_database(client, alice, sign_in, make, counted_queries):
    sign_in(client, alice)
    client.get("/help/")
    with counted_queries() as before:
        client.get("/help/")
    make(role="client")
    Session.objects.update(enrol_only_from=today() + timedelta(days=3))
    with counted_queries() as announced:
        client.get("/help/")
    Session.objects.update(enrol_only_from=today_everywhere())
    with counted_queries() as in_force:
        client.get("/help/")
    assert len(before) == len(announced) == len(in_force)


def test_a_passkey_that_was_never_made_is_not_held(client, alice, make, settings):
    settings.PASSKEY_FAILURES = 2
    make(role="client", days=15)
    begun = make_passkey(alice)
    for _ in range(2):
        begun.says(Passkey(flags=PRESENT).made(begun.question))
    assert PasskeyDevice.objects.get().disabled_at is not None
    answer(client, begin(client), code_for(alice))
    assert Session.objects.get().enrol_only_from is not None
