"""Who hears of what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.alerts.catalogue import CATALOGUE
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import services as contacts
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Message

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7", agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0")
OLD, NEW = "+14155550101", "+14155550177"


def record(user, event, *, detail=None, note=None, origin=ORIGIN) -> Entry:
    with transaction.atomic():
        locked = audit.lock(user.pk)
        return audit.record(event, user=locked, origin=origin, detail=detail, note=note)


def told() -> set[tuple[str, str, str]]:
    return set(Message.objects.values_list("name", "channel", "to"))


@pytest.fixture
def second(alice) -> EmailAddress:
    now = timezone.now()
    return EmailAddress.objects.create(
        user=alice, address="second@example.com", created_at=now, verified_at=now
    )


@pytest.fixture
def number(alice) -> PhoneNumber:
    now = timezone.now()
    return PhoneNumber.objects.create(user=alice, number=NEW, created_at=now, verified_at=now)


def test_a_sign_in_from_a_new_device_is_told_to_every_verified_address(alice, second):
    EmailAddress.objects.create(
        user=alice, address="unverified@example.com", created_at=timezone.now()
    )
    record(alice, Event.SIGNED_IN_NEW_DEVICE, detail={"method": "sms"})
    assert told() == {
        ("new_device_sign_in", "email", "alice@example.com"),
        ("new_device_sign_in", "email", "second@example.com"),
    }


def test_a_removed_address_hears_of_it_too(alice, second):
    contacts.remove(contact=second, origin=ORIGIN)
    assert told() == {
        ("email_removed", "email", "alice@example.com"),
        ("email_removed", "email", "second@example.com"),
        ("email_removed", "sms", OLD),
    }


def test_a_removed_address_that_was_never_verified_does_not(alice, second):
    EmailAddress.objects.filter(pk=second.pk).update(verified_at=None)
    contacts.remove(contact=second, origin=ORIGIN)
    assert told() == {
        ("email_removed", "email", "alice@example.com"),
        ("email_removed", "sms", OLD),
    }


def test_an_added_address_is_told_to_the_contacts_before_it_only(alice):
    contacts.add_email(user_id=alice.pk, typed="new@example.com", origin=ORIGIN)
    assert told() == {
        ("email_added", "email", "alice@example.com"),
        ("email_added", "sms", OLD),
    }


def test_both_addresses_hear_that_another_is_primary(alice, second):
    contacts.make_primary(contact=second, origin=ORIGIN)
    assert {to for name, _channel, to in told() if name == "email_primary"} == {
        "alice@example.com",
        "second@example.com",
        OLD,
    }


def test_an_added_number_is_told_by_mail_and_to_the_old_number(alice):
    contacts.add_phone(user_id=alice.pk, typed=NEW, origin=ORIGIN)
    assert told() == {
        ("phone_added", "email", "alice@example.com"),
        ("phone_added", "sms", OLD),
    }


def test_a_new_primary_number_is_told_to_both_numbers(alice, number):
    contacts.make_primary(contact=number, origin=ORIGIN)
    assert ("phone_primary", "sms", OLD) in told()
    assert ("phone_primary", "email", "alice@example.com") in told()
    assert ("phone_primary", "sms", NEW) in told()
    texts = {m.to: m.content()["text"] for m in Message.objects.filter(channel="sms")}
    assert "not to this phone" in texts[OLD]
    assert "now go to this phone" in texts[NEW]


def test_a_removed_number_is_told_to_it(alice, number):
    contacts.remove(contact=number, origin=ORIGIN)
    assert told() == {
        ("phone_removed", "email", "alice@example.com"),
        ("phone_removed", "sms", NEW),
    }


def test_a_number_that_stopped_text_messages_gets_none(alice):
    alice.phonenumbers.update(opted_out_at=timezone.now())
    contacts.add_phone(user_id=alice.pk, typed=NEW, origin=ORIGIN)
    assert told() == {("phone_added", "email", "alice@example.com")}


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (Event.DEVICE_ENROLLED, "authenticator_enrolled"),
        (Event.DEVICE_REVOKED, "authenticator_revoked"),
        (Event.DEVICE_DISABLED, "authenticator_disabled"),
    ],
)
def test_a_change_of_authenticator_is_told_to_addresses_and_the_telephone(
    alice, second, event, name
):
    record(alice, event, detail={"method": "passkey"}, note={"device": "sls.x/1"})
    assert told() == {
        (name, "email", "alice@example.com"),
        (name, "email", "second@example.com"),
        (name, "sms", OLD),
    }


def test_a_number_that_becomes_an_authenticator_is_told_by_mail_only(alice):
    record(alice, Event.DEVICE_ENROLLED, detail={"method": "sms"}, note={"device": "sls.x/1"})
    assert told() == {("authenticator_enrolled", "email", "alice@example.com")}


@pytest.fixture
def swapped(alice) -> PhoneNumber:
    """The primary number, whose SIM card was changed an hour ago."""
    alice.phonenumbers.update(sim_swapped_at=timezone.now() - timedelta(hours=1))
    return alice.phonenumbers.get()


@pytest.mark.parametrize(
    ("event", "name"),
    [(Event.PHONE_NEW_SIM, "new_sim"), (Event.CODE_TO_NEW_SIM, "code_to_new_sim")],
)
def test_a_new_sim_is_told_to_everybody_but_it(alice, second, swapped, number, event, name):
    record(alice, event, detail={"phone": swapped.masked}, note={"phone": swapped})
    assert told() == {
        (name, "email", "alice@example.com"),
        (name, "email", "second@example.com"),
        (name, "sms", NEW),
    }


def test_another_number_with_a_new_sim_is_not_told_either(alice, swapped, number):
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    record(alice, Event.PHONE_NEW_SIM, note={"phone": swapped})
    assert told() == {("new_sim", "email", "alice@example.com")}


def test_codes_to_a_new_sim_are_told_once_a_day(alice, swapped):
    for _time in range(3):
        record(alice, Event.CODE_TO_NEW_SIM, note={"phone": swapped})
    assert Message.objects.count() == 1


def test_a_lock_is_told_once_a_day(alice, clock):
    for _time in range(3):
        record(alice, Event.SIGN_IN_LOCKED)
    assert Message.objects.count() == 1
    clock.shift(86_400)
    record(alice, Event.SIGN_IN_LOCKED)
    assert Message.objects.count() == 2


def test_a_moved_authenticator_is_told_as_a_change_of_number(alice, number):
    contacts.make_primary(contact=number, origin=ORIGIN)
    assert "authenticator_revoked" not in {name for name, _channel, _to in told()}


def test_events_that_concern_nobody_are_not_told(alice):
    for event in (Event.SIGNED_IN, Event.SIGNED_OUT, Event.CODE_SENT):
        record(alice, event)
    with transaction.atomic():
        audit.record(Event.SPENDING_BREAKER, user=None, origin=ORIGIN)
    assert not Message.objects.exists()


def test_an_undone_act_is_not_told(alice):
    with transaction.atomic():
        audit.record(Event.SIGN_IN_UNLOCKED, user=audit.lock(alice.pk), origin=ORIGIN)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_an_alert_that_cannot_be_written_undoes_the_act(alice, monkeypatch):
    broken = replace(CATALOGUE[Event.SIGN_IN_UNLOCKED], name="no_such_message")
    monkeypatch.setitem(CATALOGUE, Event.SIGN_IN_UNLOCKED, broken)
    with pytest.raises(Exception, match="no_such_message"):
        record(alice, Event.SIGN_IN_UNLOCKED)
    assert not Entry.objects.exists()


def test_what_the_mail_says(alice):
    entry = record(alice, Event.SIGNED_IN_NEW_DEVICE, detail={"method": "sms"})
    mail = Message.objects.get().content()
    for said in (
        "Client Portal",
        "Hello Alice Example",
        "203.0.113.7",
        "Chrome on Windows",
        "(New York)",
        f"{entry.number}-{entry.digest[:6].upper()}",
        "+1 415 555 0100",
        "never ask for your password",
    ):
        assert said in mail["text"]
        assert said in mail["html"]


def test_the_mail_speaks_the_language_and_time_of_its_reader(dai):
    record(dai, Event.SIGN_IN_UNLOCKED)
    mail = Message.objects.get().content()
    assert "JST (Tokyo)" in mail["text"]
    assert "年" in mail["text"]


def test_a_hostile_agent_is_shown_as_text(alice):
    origin = replace(ORIGIN, agent="<script>alert(1)</script>")
    alice.name = "<b>Alice</b>"
    alice.save()
    record(alice, Event.SIGNED_IN_NEW_DEVICE, origin=origin)
    html = Message.objects.get().content()["html"]
    assert "<script>" not in html
    assert "<b>Alice" not in html
