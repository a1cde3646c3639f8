"""Onto the way: who is let on, by what, and what everybody else learns."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services as freezes
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.incident import rules
from sls.incident.models import Step
from sls.incident.rules import Gap, Stage
from sls.login.models import Attempt
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.rules import Strength
from tests.accounts.freeze.test_services import stop
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks.tools import other_than
from tests.cast import PASSWORD, app_device, code_set
from tests.passkey_authenticator import Passkey, enrolled
from tests.sls.incident.ways import app_code, enter, post

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """What the page says, without what differs in every answer."""
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


def test_the_app_leads_onto_the_way_and_nowhere_else(inside):
    row = Session.objects.get(ended_at=None)
    assert row.limited_to == "incident"
    assert inside.get("/frozen/way/")["Location"] == "/frozen/password/"
    assert inside.get("/")["Location"] == "/frozen/way/"


def test_it_is_recorded_noted_and_told(inside, freeze):
    assert Entry.objects.get(event=Event.WAY_BACK_ENTERED).detail["method"] == "authenticator_app"
    assert Step.objects.get().what == "entered"
    told = Message.objects.get(name="way_back_entered")
    assert "authenticator app" in str(told.content())
    assert not Entry.objects.filter(event=Event.SIGNED_IN).exists()


def test_the_browser_is_not_remembered(inside):
    assert not KnownDevice.objects.exists()


def test_it_ends_soon(inside, clock, settings):
    row = Session.objects.get(ended_at=None)
    assert row.idle_seconds == settings.LIMITED_IDLE_MINUTES * 60
    assert (row.expires_at - row.opened_at).total_seconds() == settings.LIMITED_MINUTES * 60
    for _ in range(12):
        clock.shift(settings.LIMITED_IDLE_MINUTES * 60 - 60)
        inside.get("/frozen/password/")
    assert inside.get("/frozen/password/")["Location"].startswith("/login/")


def test_unknown_wrong_and_not_frozen_are_answered_alike(client, frozen, bob):
    answers = [
        post(Client(), "wrong-password-here", "alice"),
        post(Client(), PASSWORD, "nobody-at-all"),
        post(Client(), PASSWORD, "bob"),
    ]
    assert [one.status_code for one in answers] == [200, 200, 200]
    said = {words(one) for one in answers}
    assert len(said) == 1
    assert "nothing is stopped for this user name" in said.pop()
    assert not Attempt.objects.exists()


def test_a_wrong_password_counts_as_at_the_sign_in(client, frozen):
    for _ in range(3):
        post(client, "wrong-password-here")
    assert PasswordFailures.objects.get(pk=lockout.key_of("alice")).count == 3


def test_wrong_passwords_lock_the_way_too(client, frozen):
    now = timezone.now()
    PasswordFailures.objects.create(pk=lockout.key_of("alice"), count=10, first_at=now, last_at=now)
    assert "paused" in post(client).content.decode()


def test_limits_what_one_address_may_try(db, settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 2
    assert [post(Client(), "x", f"n-{n}").status_code for n in range(3)] == [200, 200, 429]


def test_an_empty_form_is_told(client, db):
    assert "Enter your user name." in client.post("/frozen/", {}).content.decode()


def test_a_telephone_alone_leads_to_a_call_with_the_reference(client, alice):
    made = stop(alice)
    page = post(client).content.decode()
    assert "Please call us" in page
    assert made.shown in page
    assert not Session.objects.filter(ended_at=None).exists()
    assert not Message.objects.filter(is_code=True).exists()


def test_printed_codes_beside_a_telephone_lead_to_a_call(client, alice):
    code_set(alice)
    stop(alice)
    assert "Please call us" in post(client).content.decode()


def test_whoever_holds_a_passkey_is_asked_for_it_alone(client, alice, app, clock):
    enrolled(alice, Passkey(), at=alice.activated_at)
    code_set(alice)
    clock.shift(60)
    stop(alice)
    page = client.get(post(client)["Location"]).content.decode()
    assert "Use your passkey" in page
    assert "Work phone" not in page
    assert "Text message" not in page


def test_a_switched_off_strong_one_does_not_open_it_to_a_weaker_one(client, alice, app, clock):
    enrolled(alice, Passkey(), at=alice.activated_at)
    clock.shift(60)
    PasskeyDevice.objects.update(disabled_at=timezone.now())
    stop(alice)
    assert "Please call us" in post(client).content.decode()


def test_several_apps_are_a_choice(client, alice, app, clock):
    app_device(alice, "Tablet", at=alice.activated_at)
    clock.shift(60)
    stop(alice)
    page = client.get(post(client)["Location"]).content.decode()
    assert page.count('name="device"') == 2
    assert "only the strongest of your ways" in page


def test_it_is_refused_outside_the_restrictions(client, alice, app, clock):
    restrict(alice, "198.51.100.0/24")
    clock.shift(60)
    stop(alice)
    assert "from where you are" in post(client).content.decode()


def test_a_session_leaves_when_it_is_used_from_outside(inside, frozen):
    restrict(frozen, "127.0.0.1")
    inside.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    assert inside.get("/frozen/password/").status_code == 403
    assert not Session.objects.filter(ended_at=None).exists()


def test_wrong_codes_count_and_let_nobody_on(client, frozen, app):
    url = post(client)["Location"]
    for _ in range(5):
        client.post(f"{url}answer/", {"code": other_than(app_code())})
    app.refresh_from_db()
    assert app.failures == 5
    client.post(f"{url}answer/", {"code": app_code()})
    assert not Session.objects.filter(ended_at=None).exists()


def test_a_closed_user_is_let_nowhere(client, frozen):
    User.objects.update(is_active=False)
    assert "nothing is stopped" in post(client).content.decode()


def test_an_attempt_that_outlives_the_freeze_opens_nothing(client, frozen):
    url = post(client)["Location"]
    freezes.thaw(user_id=frozen.pk, origin=SYSTEM, by="tess, uma")
    answer = client.post(f"{url}answer/", {"code": app_code()})
    assert "ended=" in answer["Location"]
    assert not Session.objects.filter(ended_at=None).exists()


def test_the_ordinary_sign_in_stays_shut(client, inside, frozen):
    response = Client().post("/login/", {"username": "alice", "password": PASSWORD})
    assert "Come back in" in response.content.decode()


def test_a_password_that_was_changed_in_between_opens_nothing(client, frozen):
    enter(client)
    client.post("/frozen/password/", {"password": "copper-violin-harvest-88"})
    assert "nothing is stopped" in post(Client()).content.decode()


@pytest.mark.parametrize(
    ("held", "least"),
    [
        ([], Strength.TYPED_CODE),
        ([Strength.TELEPHONE], Strength.TYPED_CODE),
        ([Strength.TELEPHONE, Strength.TYPED_CODE], Strength.TYPED_CODE),
        ([Strength.TYPED_CODE, Strength.PHISHING_RESISTANT], Strength.PHISHING_RESISTANT),
    ],
)
def test_the_strongest_that_is_held_is_needed(held, least):
    assert rules.needed(held) is least


def test_pages_open_in_their_order():
    assert rules.stage(set()) is Stage.PASSWORD
    assert rules.stage({"password", "contacts"}) is Stage.FACTORS
    assert rules.stage(set(Stage)) is Stage.THAW
    assert rules.may_open(Stage.PASSWORD, {"password"})
    assert not rules.may_open(Stage.THAW, {"password"})


def test_no_gap_where_everything_is_there():
    full = rules.Facts(
        passkeys=2, own=2, codes=10, sms=False, emails=2, phones=2, restricted=True, others=0
    )
    assert rules.gaps(full) == []
    bare = rules.Facts(
        passkeys=0,
        own=0,
        codes=0,
        sms=True,
        emails=1,
        phones=1,
        restricted=False,
        others=1,
        causes=["link"],
    )
    assert set(rules.gaps(bare)) == set(Gap) - {Gap.NO_PASSKEY, Gap.ONE_ALONE, Gap.SMS_ON}
