from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.passwords import demand
from accounts.sessions.models import Session
from accounts.users.models import User
from tests.accounts.passwords.conftest import ADVICE, NEW, PAGE
from tests.cast import SEED, begin

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def demanded(signed_in, alice) -> Client:
    call_command("demand_password_change", "alice", "--reason", "seen in a phishing kit")
    return signed_in


@pytest.mark.parametrize("path", ["/", "/settings/", "/settings/security/sls/", "/activity/"])
def test_nothing_else_opens(demanded, path):
    page = demanded.get(path)
    assert page.status_code == 403
    assert "Choose a new password first" in page.content.decode()


def test_help_and_logging_off_stay_open(demanded):
    assert demanded.get("/help/").status_code == 200
    assert demanded.post("/logout/").status_code == 200


def test_the_page_can_be_locked_and_tells_when_it_ends(demanded):
    assert demanded.get("/session/left/").status_code == 200
    assert demanded.post("/session/extend/").status_code == 200
    assert demanded.post("/lock/")["Location"].startswith("/locked/")
    assert Session.objects.get().locked_at is not None


def test_everything_opens_once_it_is_changed(demanded, alice, prove):
    prove(demanded, alice)
    assert demanded.post(ADVICE, {"password": NEW}).json()["may"] is True
    demanded.post(PAGE, {"password": NEW})
    assert demanded.get(HOME).status_code == 200


def test_goes_before_the_demand_for_a_passkey(demanded, alice, prove):
    Session.objects.update(enrol_only_from=timezone.localdate() - timedelta(days=1))
    prove(demanded, alice)
    demanded.post(PAGE, {"password": NEW})
    assert "Add a passkey first" in demanded.get(HOME).content.decode()


def test_is_told_and_kept_with_its_reason(demanded, alice, capsys):
    entry = Entry.objects.get(user=alice, event="password.demanded")
    assert (entry.actor, entry.detail) == ("staff:command", {"why": "seen in a phishing kit"})
    assert Message.objects.filter(name="password_demanded").count() == 2


def test_says_when_it_was_demanded_already(demanded, capsys):
    call_command("demand_password_change", "ALICE", "--reason", "again")
    assert capsys.readouterr().out == "alice had to change the password already\n"


@pytest.mark.parametrize("arguments", [("nobody", "--reason", "x"), ("alice", "--reason", " ")])
def test_the_command_refuses_strangers_and_silence(alice, arguments):
    with pytest.raises(CommandError):
        call_command("demand_password_change", *arguments)


def test_ends_what_was_proven(proven, alice):
    call_command("demand_password_change", "alice", "--reason", "x")
    assert Session.objects.get(ended_at=None).verified_until is None


def test_holds_for_staff_too(sam, client):
    url = begin(client, "sam")
    client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
    demand.demand_change(user=sam, why="x", origin=SYSTEM)
    assert client.get("/console/").status_code == 403
    assert client.get(PAGE).status_code == 200


def test_age_is_only_spoken_of(signed_in, alice):
    assert "same for a long time" not in signed_in.get(HOME).content.decode()
    User.objects.update(password_at=timezone.now() - timedelta(days=366))
    page = signed_in.get(HOME).content.decode()
    assert "same for a long time" in page
    assert "Nothing needs your attention" in page
    assert signed_in.get("/settings/").status_code == 200


def test_a_reminder_can_be_put_off_and_comes_back(signed_in, alice, clock):
    User.objects.update(password_at=timezone.now() - timedelta(days=366))
    assert signed_in.post(f"{PAGE}later/")["Location"] == HOME
    assert not demand.suggested(User.objects.get())
    clock.shift(timedelta(days=30, seconds=1))
    assert demand.suggested(User.objects.get())


def test_a_reminder_is_put_off_by_a_post_only(signed_in):
    assert signed_in.get(f"{PAGE}later/").status_code == 405
