from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import EmailAddress
from accounts.outbox.models import Message
from tests.cast import code_for

EMAILS = "/settings/communication/emails/"
NEW = "new@example.com"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proven")]


@pytest.fixture
def added(signed_in, alice) -> EmailAddress:
    signed_in.post(EMAILS, {"email": NEW})
    return alice.emailaddresss.get(address=NEW)


def test_an_address_is_added_sent_a_code_and_verified(signed_in, alice, added):
    url = f"{EMAILS}{added.pk}/verify/"
    assert signed_in.post(url, {"delivery": "email"})["Location"] == url
    message = Message.objects.get(to=NEW)
    assert message.channel == "email"
    assert NEW in signed_in.get(url).content.decode()
    assert signed_in.post(url, {"code": code_for(alice)})["Location"] == EMAILS
    added.refresh_from_db()
    assert added.verified_at is not None
    assert added.trusted_from - timezone.now() > timedelta(hours=71)
    assert Entry.objects.filter(user=alice, event=Event.EMAIL_VERIFIED).count() == 1


def test_a_code_by_mail_lives_thirty_minutes(signed_in, alice, added, clock):
    url = f"{EMAILS}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "email"})
    code = code_for(alice)
    clock.shift(800)
    signed_in.get(EMAILS)
    clock.shift(800)
    assert signed_in.post(url, {"code": code})["Location"] == EMAILS


def test_the_next_mail_has_to_wait(signed_in, added):
    url = f"{EMAILS}{added.pk}/verify/"
    signed_in.post(url, {"delivery": "email"})
    early = signed_in.post(url, {"delivery": "email"})
    assert early.status_code == 429
    assert "Retry-After" in early


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an e-mail address"),
        ("nobody", "not a valid e-mail address"),
        ("a@b.com\r\nBcc: eve@evil.example", "not a valid e-mail address"),
        ("a@b.com\n", "not a valid e-mail address"),
        ("аlice@example.com", "letters a to z"),
        ("alice@example.com", "already on your list"),
    ],
)
def test_a_refused_address_says_why(signed_in, typed, said):
    response = signed_in.post(EMAILS, {"email": typed})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert EmailAddress.objects.count() == 1


def test_the_primary_address_is_not_removed(signed_in, alice):
    primary = alice.emailaddresss.get()
    page = signed_in.post(f"{EMAILS}{primary.pk}/remove/", follow=True).content.decode()
    assert "This is your primary address" in page
    assert alice.emailaddresss.exists()


def test_another_becomes_primary_and_the_old_one_can_go(signed_in, alice, added):
    old = alice.emailaddresss.get(primary=True)
    added.verified_at = timezone.now()
    added.save()
    signed_in.post(f"{EMAILS}{added.pk}/primary/")
    signed_in.post(f"{EMAILS}{old.pk}/remove/")
    assert [row.address for row in alice.emailaddresss.all()] == [NEW]
    assert alice.emailaddresss.get().primary


@pytest.mark.parametrize("path", ["verify/", "primary/", "remove/"])
def test_a13_a_foreign_address_is_not_found(signed_in, bob, path):
    foreign = bob.emailaddresss.get()
    assert signed_in.post(f"{EMAILS}{foreign.pk}/{path}", {"delivery": "email"}).status_code == 404


def test_the_code_of_one_address_does_not_verify_another(signed_in, alice, added, clock):
    other = EmailAddress.objects.create(
        user=alice, address="other@example.com", created_at=timezone.now()
    )
    signed_in.post(f"{EMAILS}{added.pk}/verify/", {"delivery": "email"})
    code = code_for(alice)
    signed_in.post(f"{EMAILS}{other.pk}/verify/", {"code": code})
    signed_in.post(f"{EMAILS}{other.pk}/verify/", {"delivery": "email"})
    if code_for(alice) != code:
        signed_in.post(f"{EMAILS}{other.pk}/verify/", {"code": code})
    other.refresh_from_db()
    assert other.verified_at is None
