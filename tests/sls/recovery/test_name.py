import pytest

from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.outbox.models import Message
from tests.cast import person

BOTH = {"email": "bob@example.com", "number": "+1 415 555 0102"}


def said(client, **fields: str) -> str:
    response = client.post("/recover/name/", {**BOTH, **fields})
    assert response.status_code == 200
    return response.content.decode()


def test_mails_the_name_to_every_verified_address_and_shows_it_to_nobody(client, bob):
    old = bob.emailaddresss.get()
    for address, verified in (("two@example.com", old.verified_at), ("new@example.com", None)):
        EmailAddress.objects.create(
            user=bob, address=address, created_at=old.created_at, verified_at=verified
        )
    page = said(client)
    assert "If both belong" in page
    messages = Message.objects.filter(name="user_name")
    assert {one.to for one in messages} == {"bob@example.com", "two@example.com"}
    mail = messages[0].content()
    assert "bob" in mail["text"]
    assert "http" not in mail["text"] + mail["html"]
    assert mail["subject"] == "Client Portal: your user name"


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "alice@example.com"},
        {"number": "+14155550199"},
        {"email": "nobody@example.com", "number": "+14155550199"},
    ],
)
def test_says_the_same_and_mails_nothing_when_one_of_them_is_not_on_file(client, bob, typed):
    assert "If both belong" in said(client, **typed)
    assert not Message.objects.exists()


def test_takes_no_contact_that_is_not_verified(client, bob):
    PhoneNumber.objects.update(primary=False, verified_at=None)
    said(client)
    assert not Message.objects.exists()


def test_mails_it_once_an_hour(client, bob, clock):
    clock.move_to("2026-11-26T10:05Z")
    said(client)
    said(client)
    assert Message.objects.filter(name="user_name").count() == 1
    clock.shift(3600)
    said(client)
    assert Message.objects.filter(name="user_name").count() == 2


def test_mails_both_names_of_whoever_has_two(client, bob):
    person("bob.api", mobile="+14155550102", email="bob@example.com")
    said(client)
    assert Message.objects.filter(name="user_name").count() == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"number": "4155550102"}, "number"),
        ({"number": ""}, "number"),
    ],
)
def test_says_what_cannot_be_a_contact(client, db, typed, field):
    response = client.post("/recover/name/", {**BOTH, **typed})
    assert response.context["form"].errors[field]
