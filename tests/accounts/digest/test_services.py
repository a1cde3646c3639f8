"""The summary by mail."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.digest import services
from accounts.holds.models import Hold
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7")


def record(user: User, event: Event) -> None:
    with transaction.atomic():
        audit.record(event, user=audit.lock(user.pk), origin=ORIGIN)


def send() -> None:
    after, now = 0, timezone.now()
    while after is not None:
        after = services.send_batch(after=after, now=now)


def mails() -> dict[str, str]:
    return {one.to: one.content()["text"] for one in Message.objects.filter(name="digest")}


def test_says_what_happened_what_is_held_and_the_head_of_the_record(alice):
    for event in (Event.SIGNED_IN, Event.SIGNED_IN, Event.PASSWORD_FAILED, Event.EMAIL_PRIMARY):
        record(alice, event)
    send()
    text = mails()["alice@example.com"]
    user = User.objects.get(pk=alice.pk)
    assert "Sign-ins: 2\nRefused: 1\nChanges and alerts: 1\n" in text
    assert "- Signed in: 2; last" in text
    assert f"Entry: {user.audit_number}\nDigest: {user.audit_head}" in text
    assert Hold.objects.exists() is ("Held at the moment" in text)
    assert "/freeze/link/" in text


def test_names_what_is_held(alice):
    record(alice, Event.PASSWORD_CHANGED)
    send()
    assert "because your password changed" in mails()["alice@example.com"]


def test_is_sent_once_however_often_it_runs(alice):
    send()
    send()
    User.objects.update(digested_at=None)
    send()
    assert Message.objects.filter(name="digest").count() == 1


def test_tells_only_what_came_since_the_last(alice, clock):
    record(alice, Event.PASSWORD_FAILED)
    send()
    clock.shift(timedelta(days=7).total_seconds())
    Message.objects.all().delete()
    record(alice, Event.SIGN_IN_UNLOCKED)
    Message.objects.exclude(name="digest").delete()
    send()
    text = mails()["alice@example.com"]
    assert "Refused: 0" in text
    assert "Pause of sign-in lifted: 1" in text


@pytest.mark.parametrize(
    ("digest", "days", "comes"),
    [("weekly", 6, False), ("weekly", 7, True), ("daily", 1, True), ("off", 30, False)],
)
def test_comes_as_often_as_was_chosen(alice, clock, digest, days, comes):
    User.objects.filter(pk=alice.pk).update(digest=digest, digested_at=timezone.now())
    clock.shift(timedelta(days=days).total_seconds())
    send()
    assert bool(mails()) is comes


def test_nobody_without_a_verified_address_or_an_activated_account_gets_one(alice, bob):
    person("carol", enrolled=False)
    alice.emailaddresss.update(primary=False, verified_at=None)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    send()
    assert mails() == {}
    assert User.objects.get(pk=alice.pk).digested_at is not None


def test_speaks_the_language_and_carries_the_phrase_of_its_reader(dai):
    User.objects.filter(pk=dai.pk).update(phrase=phrase.sealed(dai, "青い灯台"))
    send()
    text = mails()["dai@example.com"]
    assert "合言葉：青い灯台" in text
    assert "JST (Tokyo)" in text


def test_reads_as_many_statements_for_many_as_for_one(counted_queries, monkeypatch):
    for number in range(5):
        record(person(f"client{number}"), Event.PASSWORD_CHANGED)
    monkeypatch.setattr(services, "_queue", lambda *args: None)
    with counted_queries(5):
        assert services.send_batch(after=0, now=timezone.now())


def test_goes_on_by_key(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    for number in range(5):
        person(f"client{number}")
    send()
    assert len(mails()) == 5
