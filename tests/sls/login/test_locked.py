"""A name that wrong passwords have locked: what its page says, and what the lock ends."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.login.models import Attempt
from tests.cast import begin, code_for, post_password

pytestmark = pytest.mark.django_db


def fail(client: Client, clock, name: str = "alice", times: int = 10) -> None:
    for _ in range(times):
        assert post_password(client, name, "wrong").status_code == 200
        clock.shift(300)


def locked(name: str = "alice") -> None:
    """As if strangers had just typed the tenth wrong password, without anybody noticing."""
    now = timezone.now()
    PasswordFailures.objects.create(pk=lockout.key_of(name), count=10, first_at=now, last_at=now)


@pytest.mark.parametrize("name", ["alice", "nobody-of-that-name"])
def test_says_until_when_why_what_works_and_two_ways_out(client, alice, clock, name):
    fail(client, clock, name)
    response = post_password(client, name)
    assert response.status_code == 200
    page = response.content.decode()
    assert "This user name is paused until" in page
    assert re.search(
        r'<time datetime="[^"]+\+00:00" data-behaviour="local-time">.* UTC</time>', page
    )
    assert "Several passwords did not match" in page
    for works in ("A browser that you have signed in with before", "A passkey", "stays signed in"):
        assert works in page
    assert 'action="/unlock/"' in page
    assert f'name="username" value="{name}"' in page
    assert "+1 415 555 0100" in page
    assert 'name="password"' in page
    assert "error-summary" in page


def test_says_nothing_of_it_to_a_browser_that_is_known(client, alice, sign_in, clock):
    sign_in(client, alice)
    client.post("/logout/")
    fail(Client(), clock)
    assert "paused" not in post_password(client, password="a slip").content.decode()


def test_ends_what_was_begun_before_in_browsers_that_are_not_known(client, alice, clock):
    url = begin(client)
    clock.shift(61)
    Attempt.objects.update(expires_at=timezone.now() + timedelta(days=1))
    fail(Client(), clock)
    response = client.post(f"{url}answer/", {"code": code_for(alice)})
    assert response["Location"] == "/login/?ended=locked"
    assert Attempt.objects.get().ended_why == "locked"
    page = client.get(response["Location"]).content.decode()
    assert "was paused after several passwords" in page


def test_leaves_what_was_begun_in_a_known_browser(client, alice, sign_in, clock):
    sign_in(client, alice)
    client.post("/logout/")
    clock.shift(61)
    url = begin(client)
    Attempt.objects.update(expires_at=timezone.now() + timedelta(days=1))
    fail(Client(), clock)
    assert Attempt.objects.latest("created_at").ended_at is None
    clock.shift(-3000)
    assert client.post(f"{url}answer/", {"code": code_for(alice)})["Location"] == "/"


def test_leaves_what_is_signed_in(client, alice, sign_in, clock):
    sign_in(client, alice)
    locked()
    assert client.get("/").status_code == 200


def test_is_asked_again_at_the_end(client, alice):
    """Nobody ended the attempt, and the code is right."""
    url = begin(client)
    locked()
    response = client.post(f"{url}answer/", {"code": code_for(alice)})
    assert response["Location"] == "/login/?ended=locked"
    assert not Session.objects.exists()
    assert Entry.objects.latest("number").detail["why"] == "locked"


def test_the_failures_of_the_known_browser_itself_lock_that_browser_alone(
    client, alice, sign_in, clock
):
    sign_in(client, alice)
    client.post("/logout/")
    fail(client, clock)
    assert "paused until" in post_password(client).content.decode()
    assert post_password(Client()).status_code == 302


def test_the_owner_is_told_what_to_do(client, alice, clock):
    fail(client, clock)
    mail = Message.objects.get(name="sign_in_locked").content()["text"]
    assert "A browser that you signed in with before still works, and so does a passkey" in mail
    assert "lift the pause yourself on the sign-in page" in mail
    assert Entry.objects.filter(event=Event.SIGN_IN_LOCKED).count() == 1
