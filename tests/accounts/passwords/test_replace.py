from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone

from accounts import vault
from accounts.audit import services as audit
from accounts.audit.models import Entry
from accounts.challenges.models import Purpose
from accounts.challenges.services import open_challenge
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.passwords import history, services
from accounts.passwords.models import PastPassword
from accounts.passwords.rules import Reason
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.login import flow
from sls.login.models import Attempt
from tests.attacks.tools import at_once
from tests.cast import PASSWORD, post_password

pytestmark = pytest.mark.django_db
NEW = "violet harbour tramway"


def replace(user, password=NEW, *, spare="", address="203.0.113.7"):
    return services.replace(
        user=user, password=password, origin=Origin(address=address, session=spare), spare=spare
    )


def test_sets_the_new_password_and_records_it(alice):
    assert replace(alice) == []
    alice.refresh_from_db()
    assert check_password(NEW, alice.password)
    assert alice.password_at is not None
    assert Entry.objects.get(user=alice, event="password.changed").detail == {}
    assert audit.verify(alice) is None


def test_ends_every_session_but_the_one_that_goes_on(alice, sign_in):
    for _browser in range(2):
        sign_in(Client(), alice)
    mine, other = Session.objects.filter(user=alice, ended_at=None).order_by("opened_at")
    replace(alice, spare=mine.key)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.ended_at is None
    assert other.ended_why == End.CLOSED


def test_ends_a_sign_in_that_was_begun_with_the_old_password(alice, client):
    attempt = post_password(client)["Location"]
    replace(alice)
    page = client.get(attempt, follow=True)
    assert page.redirect_chain[-1][0].startswith("/login/")
    assert "Your password was changed. Please sign in with the new one." in page.content.decode()


@pytest.mark.parametrize(
    ("purpose", "ends"),
    [
        (Purpose.SIGN_IN, True),
        (Purpose.STEP_UP, True),
        (Purpose.SHARING, True),
        (Purpose.DOOR, True),
        (Purpose.CONTACT, False),
        (Purpose.ACTIVATION, False),
    ],
)
def test_ends_codes_that_were_asked_for_after_the_old_password(alice, purpose, ends):
    challenge = open_challenge(
        user_id=alice.pk,
        purpose=purpose,
        method="sms",
        bound_to="x",
        destination="+14155550101",
        life=timedelta(minutes=5),
        tries=5,
        code="493817",
    )
    replace(alice)
    challenge.refresh_from_db()
    assert (challenge.cancelled_at is not None) is ends


def test_tells_every_contact_and_holds_withdrawals(alice):
    replace(alice)
    assert set(
        Message.objects.filter(name="password_changed").values_list("channel", flat=True)
    ) == {
        "email",
        "sms",
    }
    assert holds.held(user_id=alice.pk, what=What.WITHDRAWALS, now=timezone.now()).why == "password"


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short", Reason.TOO_SHORT), (PASSWORD, Reason.PAST), ("a\0 lantern orbit", Reason.UNWRITTEN)],
)
def test_changes_nothing_when_it_refuses(alice, password, reason):
    before = alice.password
    assert reason in replace(alice, password)
    alice.refresh_from_db()
    assert alice.password == before
    assert not PastPassword.objects.exists()


def test_refuses_the_last_ten_and_takes_the_one_before_them_again(alice, settings):
    settings.PASSWORD_HISTORY = 3
    words = ["violet harbour", "copper meadow", "silver kettle", "walnut engine"]
    for word in words:
        assert replace(alice, f"{word} tramway") == []
        alice.refresh_from_db()
    assert replace(alice, "copper meadow tramway") == [Reason.PAST]
    assert replace(alice, "walnut engine tramway") == [Reason.PAST]
    assert replace(alice, "violet harbour tramway") == []
    assert PastPassword.objects.filter(user=alice).count() == 3


def test_one_of_two_changes_at_once_is_told_of_the_other(alice):
    replace(alice)
    with pytest.raises(services.ChangedMeanwhile):
        replace(alice, "copper meadow kettle")
    alice.refresh_from_db()
    assert check_password(NEW, alice.password)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_set(alice):
    words = ("violet harbour tramway", "copper meadow kettle")

    def change(number: int) -> bool:
        try:
            return replace(User.objects.get(), words[number]) == []
        except services.ChangedMeanwhile:
            return False

    won = at_once(2, change)
    alice.refresh_from_db()
    kept = [check_password(word, alice.password) for word in words]
    assert sum(kept) == 1
    assert Entry.objects.filter(event="password.changed").count() == sum(won)
    assert won[kept.index(True)]


def test_a_password_that_was_proven_before_a_change_begins_no_sign_in(alice, monkeypatch, client):
    """The comparison is slow, and the change comes between it and the attempt."""
    real = flow.prove

    def slow(**given):
        proof = real(**given)
        replace(User.objects.get())
        return proof

    monkeypatch.setattr(flow, "prove", slow)
    page = post_password(client)
    assert page.status_code == 200
    assert "Your password was changed. Please sign in with the new one." in page.content.decode()
    assert not Attempt.objects.exists()


def test_the_history_is_of_no_use_without_the_key(alice, monkeypatch):
    replace(alice)
    kept = PastPassword.objects.get().digest
    monkeypatch.setattr(vault, "_index_key", lambda: b"another key")
    assert history.digest(alice, NEW) != kept


def test_the_history_of_one_says_nothing_of_another(alice, bob):
    assert history.digest(alice, NEW) != history.digest(bob, NEW)
