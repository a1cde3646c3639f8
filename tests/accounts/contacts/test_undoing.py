"""Taking a change of contacts back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.contacts import changes, services, undoing, verification
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.contacts.models import Change, EmailAddress, PhoneNumber
from accounts.contacts.rules import Refusal
from accounts.holds import services as holds
from accounts.holds.models import What as Held
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice
from sls.step_up.models import Pending
from tests.attacks.tools import at_once
from tests.cast import code_for

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")
OLD, NEW = "alice@example.com", "new@example.com"
OLD_PHONE, NEW_PHONE = "+14155550101", "+14155550177"


def verified(contact):
    """The contact after a right code."""
    now = timezone.now()
    contact.verified_at, contact.trusted_from = now, now + timedelta(hours=72)
    contact.save()
    return contact


def add_email(user: User, address: str = NEW) -> EmailAddress:
    return services.add_email(user_id=user.pk, typed=address, origin=HERE)


def add_phone(user: User) -> PhoneNumber:
    return services.add_phone(user_id=user.pk, typed=NEW_PHONE, origin=HERE)


def newest() -> Change:
    return Change.objects.latest("pk")


def undo(change: Change | None = None, origin: Origin = HERE) -> Refusal | None:
    return undoing.undo(change=change or newest(), origin=origin)


def addresses(user: User) -> dict[str, bool]:
    """What is on the list, and what of it is primary."""
    return {row.address: row.primary for row in EmailAddress.objects.filter(user=user)}


def numbers(user: User) -> dict[str, bool]:
    return {row.number: row.primary for row in PhoneNumber.objects.filter(user=user)}


class TestOne:
    def test_an_added_address_goes(self, alice):
        verified(add_email(alice))
        assert undo() is None
        assert addresses(alice) == {OLD: True}
        assert not EmailAddress.kept.filter(address=NEW).exists()

    def test_the_former_primary_address_is_primary_again(self, alice):
        services.make_primary(contact=verified(add_email(alice)), origin=HERE)
        assert undo() is None
        assert addresses(alice) == {OLD: True, NEW: False}

    def test_a_removed_address_is_as_it_was(self, alice):
        other = verified(add_email(alice))
        before = EmailAddress.objects.filter(pk=other.pk).values().get()
        services.remove(contact=other, origin=HERE)
        assert addresses(alice) == {OLD: True}
        assert undo() is None
        assert EmailAddress.objects.filter(pk=other.pk).values().get() == before

    def test_a_removed_number_is_as_it_was(self, alice):
        other = verified(add_phone(alice))
        services.remove(contact=other, origin=HERE)
        assert numbers(alice) == {OLD_PHONE: True}
        assert undo() is None
        assert numbers(alice) == {OLD_PHONE: True, NEW_PHONE: False}

    def test_signing_in_by_text_goes_back_to_the_former_number(self, alice):
        services.make_primary(contact=verified(add_phone(alice)), origin=HERE)
        assert PhoneDevice.objects.get(user=alice, confirmed=True).phone.number == NEW_PHONE
        assert undo() is None
        assert numbers(alice) == {OLD_PHONE: True, NEW_PHONE: False}
        live = PhoneDevice.objects.get(user=alice, revoked_at=None)
        assert (live.phone.number, live.confirmed) == (OLD_PHONE, True)

    def test_what_was_never_verified_just_leaves(self, alice):
        services.remove(contact=add_email(alice), origin=HERE)
        assert not EmailAddress.kept.filter(address=NEW).exists()
        assert undo() is None
        assert addresses(alice) == {OLD: True}


class TestAll:
    def test_the_first_takes_back_what_was_built_on_it(self, alice):
        added = verified(add_email(alice))
        first = newest()
        services.make_primary(contact=added, origin=HERE)
        services.remove(contact=EmailAddress.objects.get(address=OLD), origin=HERE)
        assert addresses(alice) == {NEW: True}
        assert undo(first) is None
        assert addresses(alice) == {OLD: True}

    def test_the_number_that_signs_in_is_let_go(self, alice):
        added = verified(add_phone(alice))
        first = newest()
        services.make_primary(contact=added, origin=HERE)
        services.remove(contact=PhoneNumber.objects.get(number=OLD_PHONE), origin=HERE)
        assert undo(first) is None
        assert numbers(alice) == {OLD_PHONE: True}
        assert PhoneDevice.objects.get(revoked_at=None).phone.number == OLD_PHONE

    def test_an_address_that_was_added_again_comes_back_as_it_was(self, alice):
        other = verified(add_email(alice))
        services.remove(contact=other, origin=HERE)
        removal = newest()
        again = add_email(alice)
        assert again.pk != other.pk
        assert undo(removal) is None
        assert EmailAddress.kept.get(user=alice, address=NEW).pk == other.pk

    def test_the_other_list_stays(self, alice):
        add_email(alice)
        add_phone(alice)
        undo(Change.objects.get(kind=EMAIL.name))
        assert numbers(alice) == {OLD_PHONE: True, NEW_PHONE: False}

    def test_what_came_before_stays(self, alice):
        verified(add_email(alice))
        add_email(alice, "second@example.com")
        undo()
        assert addresses(alice) == {OLD: True, NEW: False}


class TestOnce:
    def test_a_second_time_changes_nothing(self, alice):
        add_email(alice)
        change = newest()
        assert undo(change) is None
        add_email(alice)
        assert undo(change) is Refusal.UNDONE
        assert NEW in addresses(alice)

    def test_not_after_its_time(self, alice, clock):
        add_email(alice)
        clock.shift(timedelta(hours=72, seconds=1))
        assert undo() is Refusal.TOO_LATE
        assert NEW in addresses(alice)

    def test_to_the_last_minute(self, alice, clock):
        add_email(alice)
        clock.shift(timedelta(hours=71, minutes=59))
        assert undo() is None

    def test_the_time_begins_anew_with_the_code(self, alice, clock):
        contact = add_email(alice)
        clock.shift(timedelta(hours=71))
        verification.send_code(contact=contact, channel=EMAIL.channels[0], origin=HERE)
        assert verification.confirm(contact=contact, text=code_for(alice), origin=HERE) is None
        clock.shift(timedelta(hours=71))
        assert undo() is None


class TestAround:
    def test_is_written_down_and_told_to_both_sides(self, alice):
        services.make_primary(contact=verified(add_email(alice)), origin=HERE)
        Message.objects.all().delete()
        undo(Change.objects.earliest("pk"))
        entry = Entry.objects.get(event="email.undone")
        assert entry.detail == {"email": "n...@example.com", "what": "added", "changes": 2}
        told = Message.objects.filter(name="email_undone")
        assert {m.to for m in told} == {OLD, NEW, OLD_PHONE}

    def test_both_numbers_hear_of_it(self, alice):
        services.make_primary(contact=verified(add_phone(alice)), origin=HERE)
        Message.objects.all().delete()
        undo(Change.objects.earliest("pk"))
        told = Message.objects.filter(name="phone_undone").values_list("to", flat=True)
        assert set(told) == {OLD, OLD_PHONE, NEW_PHONE}

    def test_the_hold_on_withdrawals_stays(self, alice, clock):
        add_email(alice)
        clock.shift(timedelta(hours=23))
        undo()
        hold = holds.held(user_id=alice.pk, what=Held.WITHDRAWALS, now=timezone.now())
        assert hold.until - timezone.now() > timedelta(hours=23)

    def test_all_other_sessions_end(self, alice, signed_in):
        mine = Session.objects.get(user=alice)
        theirs = sessions.open_session(
            user=alice, token="thief", origin=HERE, device="x", method="sms", public_computer=False
        )
        add_email(alice)
        undo(origin=Origin(address="203.0.113.7", session=mine.key))
        mine.refresh_from_db()
        theirs.refresh_from_db()
        assert mine.ended_at is None
        assert theirs.ended_why == End.REVOKED

    def test_without_a_session_all_end(self, alice, signed_in):
        add_email(alice)
        undo()
        assert signed_in.get("/").status_code == 302

    def test_without_a_session_a_new_password_is_demanded(self, alice):
        add_email(alice)
        undo()
        alice.refresh_from_db()
        assert alice.password_demanded_at is not None

    def test_where_the_owner_is_signed_in_none_is(self, alice, signed_in):
        add_email(alice)
        undo(origin=Origin(address="203.0.113.7", session=Session.objects.get(user=alice).key))
        alice.refresh_from_db()
        assert alice.password_demanded_at is None

    def test_what_was_proven_is_proven_no_more(self, alice, signed_in):
        signed_in.post("/settings/communication/phones/", {"number": NEW_PHONE})
        add_email(alice)
        undo()
        assert Pending.objects.get(user=alice).fields is None

    def test_a_client_who_is_not_activated_has_nothing_to_undo(self, newcomer):
        add_email(newcomer)
        assert not Change.objects.exists()


class TestPurge:
    def test_what_can_come_back_is_kept_and_then_deleted(self, alice, clock):
        services.remove(contact=verified(add_email(alice)), origin=HERE)
        clock.shift(timedelta(hours=71))
        assert changes.purge() == 0
        clock.shift(timedelta(hours=2))
        assert changes.purge() == 1
        assert not EmailAddress.kept.filter(address=NEW).exists()
        clock.shift(timedelta(days=91))
        changes.purge()
        assert not Change.objects.exists()

    def test_an_address_that_was_trusted_is_kept_as_long_as_its_mails_stop_everything(
        self, alice, clock
    ):
        old = alice.emailaddresss.get()
        other = add_email(alice)
        EmailAddress.objects.filter(pk=old.pk).update(primary=False)
        EmailAddress.objects.filter(pk=other.pk).update(primary=True, verified_at=timezone.now())
        services.remove(contact=old, origin=HERE)
        clock.shift(timedelta(days=29))
        assert changes.purge() == 0
        clock.shift(timedelta(days=2))
        assert changes.purge() == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_many_undoes_it(self, alice):
        add_email(alice)
        change = newest()
        outcomes = at_once(5, lambda _n: undo(Change.objects.get(pk=change.pk)))
        assert sorted(map(str, outcomes)) == ["None"] + ["undone"] * 4
        assert Entry.objects.filter(event="email.undone").count() == 1

    def test_a_code_that_is_confirmed_meanwhile_verifies_nothing_that_stays(self, alice):
        contact = add_phone(alice)
        verification.send_code(contact=contact, channel=PHONE.channels[0], origin=HERE)
        code, change = code_for(alice), newest()

        def act(number: int) -> object:
            if number:
                return undo(Change.objects.get(pk=change.pk))
            return verification.confirm(contact=contact, text=code, origin=HERE)

        confirmed, undone = at_once(2, act)
        assert undone is None
        assert numbers(alice) == {OLD_PHONE: True}
        verified = Entry.objects.filter(event="phone.verified").count()
        assert verified == (confirmed is None)

    def test_it_does_not_become_primary_meanwhile(self, alice):
        contact = verified(add_phone(alice))
        change = newest()

        def act(number: int) -> object:
            if number:
                return undo(Change.objects.get(pk=change.pk))
            return services.make_primary(contact=contact, origin=HERE)

        _, undone = at_once(2, act)
        assert undone is None
        assert numbers(alice) == {OLD_PHONE: True}
        assert PhoneDevice.objects.get(revoked_at=None).phone.number == OLD_PHONE
