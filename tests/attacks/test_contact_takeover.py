"""Somebody has Alice's password and her number (SIM swap), and makes the account theirs."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contacts import reached
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.holds import services as holds
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.step_up import proofs
from sls.step_up.models import Pending
from tests.attacks.tools import EMAILS, NEW_PHONE, PHONES, browser
from tests.cast import PASSWORD, code_for

pytestmark = pytest.mark.django_db

OLD, THEIRS = "alice@example.com", "mallory@evil.example"


@pytest.fixture
def thief(alice, sign_in, clock) -> Client:
    """Signed in with Alice's password and the code that came to her number."""
    return sign_in(browser(), alice)


@pytest.fixture
def act(thief, alice, clock) -> Callable[..., None]:
    """Posts something sensitive, with all the proof that it takes."""

    def run(path: str, **fields: str) -> None:
        clock.shift(61)
        url = thief.post(path, fields)["Location"]
        assert url.startswith("/step-up/")
        thief.post(url, {"password": PASSWORD})
        assert thief.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302
        assert thief.post(path, fields)["Location"].startswith("/settings/")

    return run


def verify(client: Client, url: str, user: User, delivery: str) -> None:
    client.post(url, {"delivery": delivery})
    assert client.post(url, {"code": code_for(user)}).status_code == 302


@pytest.fixture
def taken(act, thief, alice, clock) -> None:
    """The only address on the list is the thief's."""
    act(EMAILS, email=THEIRS)
    theirs, old = EmailAddress.objects.get(address=THEIRS), EmailAddress.objects.get(address=OLD)
    verify(thief, f"{EMAILS}{theirs.pk}/verify/", alice, "email")
    act(f"{EMAILS}{theirs.pk}/primary/")
    act(f"{EMAILS}{old.pk}/remove/")
    assert reached.addresses_to_tell(alice.pk) == [THEIRS]


def links(to: str) -> list[str]:
    """What the mails to an address hold, the oldest first."""
    mails = Message.objects.filter(to=to, channel="email").order_by("created_at")
    found = (re.search(r"/undo/\S+", mail.content()["text"] or "") for mail in mails)
    return [link.group() for link in found if link]


def test_the_owner_undoes_it_all_from_the_old_address(taken, thief, alice):
    assert len(links(OLD)) == 4  # added, verified, made primary, removed
    Client().post(links(OLD)[0])
    assert reached.addresses_to_tell(alice.pk) == [OLD]
    assert reached.primary_email(alice.pk).address == OLD
    assert thief.get("/").status_code == 302  # logged off


def test_each_mail_undoes_what_it_tells_of(taken, alice):
    Client().post(links(OLD)[-1])
    assert reached.addresses_to_tell(alice.pk) == [THEIRS, OLD]
    Client().post(links(OLD)[0])
    assert reached.addresses_to_tell(alice.pk) == [OLD]


def test_the_thief_gets_no_link(taken):
    assert links(THEIRS) == []


def test_the_thief_cannot_go_on_with_what_was_proven(taken, thief, alice):
    held = thief.post(PHONES, {"number": NEW_PHONE})["Location"]
    Client().post(links(OLD)[0])
    assert thief.post(held, {"password": PASSWORD})["Location"].startswith("/login/")
    assert Pending.objects.filter(user=alice, fields__isnull=False).count() == 0


def test_withdrawals_wait(taken, alice, clock):
    Client().post(links(OLD)[0])
    assert holds.live(timezone.now()).filter(user=alice).exists()


def test_the_new_number_proves_nothing_meanwhile(act, thief, alice, clock):
    act(PHONES, number=NEW_PHONE)
    added = PhoneNumber.objects.get(number=NEW_PHONE)
    clock.shift(61)
    verify(thief, f"{PHONES}{added.pk}/verify/", alice, "sms")
    act(f"{PHONES}{added.pk}/primary/")
    clock.shift(61)
    held = thief.post(EMAILS, {"email": THEIRS})["Location"]
    pending = Pending.objects.get(pk=held.split("/")[2])
    assert [way.row.destination for way in proofs.ways(pending)] == ["+14155550101"]
    assert [p.number for p in reached.trusted_phones(alice.pk)] == ["+14155550101"]
    clock.shift(72 * 3600)
    assert NEW_PHONE in [p.number for p in reached.trusted_phones(alice.pk)]


def test_the_new_address_proves_nothing_meanwhile(taken, alice, clock):
    assert reached.trusted_email(alice.pk) is None
    clock.shift(72 * 3600)
    assert reached.trusted_email(alice.pk).address == THEIRS


def test_the_sessions_of_a_number_that_was_undone_are_over(act, thief, alice, clock, sign_in):
    act(PHONES, number=NEW_PHONE)
    added = PhoneNumber.objects.get(number=NEW_PHONE)
    clock.shift(61)
    verify(thief, f"{PHONES}{added.pk}/verify/", alice, "sms")
    act(f"{PHONES}{added.pk}/primary/")
    Client().post(links(OLD)[0])
    assert thief.get("/").status_code == 302
    assert reached.primary_phone(alice.pk).number == "+14155550101"
    clock.shift(61)
    sign_in(Client(), alice)
    assert Message.objects.filter(is_code=True).latest("created_at").to == "+14155550101"
