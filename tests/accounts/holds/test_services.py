"""Withdrawals wait after a change: placed with it, longer with the next, gone in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import services as contacts
from accounts.contacts.models import PhoneNumber
from accounts.holds import services
from accounts.holds.models import Hold, What, Why
from accounts.origin import SYSTEM, Origin

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7")
DAY = timedelta(hours=24)


def record(user, event, **note) -> Entry:
    with transaction.atomic():
        note = {"device": "sls.x/1", **note}
        return audit.record(event, user=audit.lock(user.pk), origin=SYSTEM, note=note)


def held(user) -> Hold | None:
    return services.held(user_id=user.pk, what=What.WITHDRAWALS, now=timezone.now())


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Event.DEVICE_ENROLLED, Why.AUTHENTICATOR),
        (Event.DEVICE_REVOKED, Why.AUTHENTICATOR),
        (Event.SMS_SWITCHED_OFF, Why.AUTHENTICATOR),
        (Event.SMS_SWITCHED_ON, Why.AUTHENTICATOR),
    ],
)
def test_a_change_of_authenticator_holds_withdrawals_for_a_day(alice, event, why):
    entry = record(alice, event)
    hold = held(alice)
    assert (hold.why, hold.entry, hold.since) == (why, entry, entry.at)
    assert hold.until == entry.at + DAY


def test_so_do_a_new_number_and_a_new_address(alice, bob):
    contacts.add_phone(user_id=alice.pk, typed="+14155550177", origin=ORIGIN)
    contacts.add_email(user_id=bob.pk, typed="new@example.com", origin=ORIGIN)
    assert (held(alice).why, held(bob).why) == (Why.PHONE, Why.EMAIL)


def test_so_does_a_new_sim_card(alice):
    record(alice, Event.PHONE_NEW_SIM, phone=alice.phonenumbers.get())
    assert held(alice).why == Why.SIM


@pytest.mark.parametrize(
    "event", [Event.SIGNED_IN, Event.PHONE_OPTED_OUT, Event.PHONE_LEARNT, Event.DEVICE_DISABLED]
)
def test_what_changes_nobody_holds_nothing(alice, event):
    record(alice, event)
    assert held(alice) is None


def test_a_new_client_begins_without_a_hold(newcomer):
    record(newcomer, Event.DEVICE_ENROLLED)
    assert not Hold.objects.exists()


def test_entries_about_nobody_hold_nothing(db):
    with transaction.atomic():
        audit.record(Event.SPENDING_BREAKER, user=None, origin=SYSTEM)
    assert not Hold.objects.exists()


def test_the_neighbour_may_go_on(alice, bob):
    record(alice, Event.DEVICE_ENROLLED)
    assert held(bob) is None


def test_a_further_change_lengthens_the_same_hold(alice, clock):
    first = record(alice, Event.DEVICE_ENROLLED)
    clock.shift(3600)
    second = record(alice, Event.EMAIL_PRIMARY)
    [hold] = Hold.objects.all()
    assert (hold.since, hold.until) == (first.at, second.at + DAY)
    assert (hold.why, hold.entry) == (Why.EMAIL, second)


def test_it_ends_after_a_day(alice, clock):
    record(alice, Event.DEVICE_ENROLLED)
    clock.shift(24 * 3600 - 60)
    assert held(alice) is not None
    clock.shift(61)
    assert held(alice) is None


def test_after_its_end_the_next_is_another(alice, clock):
    record(alice, Event.DEVICE_ENROLLED)
    clock.shift(25 * 3600)
    record(alice, Event.DEVICE_ENROLLED)
    assert Hold.objects.count() == 2


def test_what_was_lifted_holds_no_more(alice):
    record(alice, Event.DEVICE_ENROLLED)
    Hold.objects.update(lifted_at=timezone.now())
    assert held(alice) is None


def test_a_change_that_is_undone_holds_nothing(alice):
    with transaction.atomic():
        record(alice, Event.DEVICE_ENROLLED)
        transaction.set_rollback(True)
    assert not Hold.objects.exists()


def test_a_number_that_is_only_verified_again_holds_nothing(alice):
    record(alice, Event.PHONE_VERIFIED, phone=alice.phonenumbers.get(), again=True)
    assert held(alice) is None


def test_asking_costs_one_query(alice, counted_queries):
    record(alice, Event.DEVICE_ENROLLED)
    with counted_queries(1):
        assert held(alice)


def test_a_move_of_the_primary_number_is_one_hold(alice):
    then = timezone.now() - timedelta(days=30)
    other = PhoneNumber.objects.create(
        user=alice, number="+14155550177", created_at=then, verified_at=then, trusted_from=then
    )
    contacts.make_primary(contact=other, origin=ORIGIN)
    assert Hold.objects.count() == 1


def test_what_is_long_over_is_deleted(alice, settings, clock):
    record(alice, Event.DEVICE_ENROLLED)
    clock.shift(settings.HOLD_KEEP_DAYS * 86_400)
    assert services.purge() == 0
    clock.shift(2 * 86_400)
    assert services.purge() == 1


class TestOfAFreeze:
    def test_it_lasts_longest_and_leaves_the_others_as_they_are(self, alice):
        record(alice, Event.DEVICE_ENROLLED)
        other = held(alice)
        with transaction.atomic():
            row = audit.lock(alice.pk)
            entry = audit.record(Event.PHONE_OPTED_OUT, user=row, origin=SYSTEM)
            services.freeze(entry=entry, trading="none")
            services.freeze(entry=entry, trading="none")
        assert (held(alice).why, held(alice).until) == (Why.FROZEN, None)
        record(alice, Event.DEVICE_ENROLLED)  # does not run into what has no end
        with transaction.atomic():
            row = audit.lock(alice.pk)
            services.thaw(entry=audit.record(Event.PHONE_OPTED_IN, user=row, origin=SYSTEM))
        assert held(alice).pk == other.pk

    def test_what_was_lifted_long_ago_is_deleted(self, alice, settings):
        with transaction.atomic():
            row = audit.lock(alice.pk)
            entry = audit.record(Event.PHONE_OPTED_OUT, user=row, origin=SYSTEM)
            services.freeze(entry=entry, trading="nothing")
        assert services.purge() == 0
        long_ago = timezone.now() - timedelta(days=settings.HOLD_KEEP_DAYS + 1)
        Hold.objects.update(since=long_ago, lifted_at=long_ago)
        assert services.purge() == 3

    def test_every_other_hold_has_an_end(self, alice):
        entry = record(alice, Event.DEVICE_ENROLLED)
        facts = {"user": alice, "what": What.BANK, "why": Why.PASSWORD, "since": entry.at}
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(**facts, entry=entry)
