"""What somebody may have set in motion stops; what protects stays."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.sending import send_code
from accounts.challenges.services import open_challenge
from accounts.contacts import changes, reached, undoing
from accounts.contacts import services as contacts
from accounts.contacts.kinds import EMAIL
from accounts.contacts.models import Change, EmailAddress
from accounts.freeze.services import thaw
from accounts.ip_restrictions import door
from accounts.ip_restrictions import services as lists
from accounts.ip_restrictions.deciding import decide
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import FOR_EVER, State
from accounts.origin import SYSTEM
from accounts.outbox.models import Channel, Message, Status
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from sls.login.models import Attempt
from sls.recovery.models import Recovery
from sls.step_up.models import Pending
from tests.accounts.freeze.test_services import stop
from tests.accounts.ip_restrictions.lists import HOME, HOTEL, draft, restrict, states
from tests.attacks.tools import PHONES
from tests.cast import begin
from tests.recovering import waiting

pytestmark = pytest.mark.django_db
NEW = "new@example.com"
DAY = timedelta(days=1)


def on(user: User) -> None:
    """Two of staff let it go on."""
    thaw(user_id=user.pk, origin=SYSTEM, by="staff:sam+tess")


@pytest.fixture
def added(alice) -> EmailAddress:
    """A second address, verified just now."""
    row = contacts.add_email(user_id=alice.pk, typed=NEW, origin=HOME)
    row.verified_at = timezone.now()
    row.trusted_from = row.verified_at + reached.new_contact_wait()
    row.save()
    return row


class TestSigningIn:
    def test_codes_are_cancelled_and_those_that_wait_are_not_sent(self, client, alice):
        begin(client)
        made = stop(alice)
        assert Challenge.objects.get().cancelled_at is not None
        assert Message.objects.get(is_code=True).status == Status.ABORTED
        assert (made.counts["codes"], made.counts["messages"]) == (1, 1)

    def test_a_begun_sign_in_ends_and_says_why(self, client, alice):
        url = begin(client)
        assert stop(alice).counts["sign_ins"] == 1
        assert Attempt.objects.get().ended_why == "frozen"
        assert client.get(url)["Location"] == "/login/?ended=frozen"

    def test_browsers_are_known_no_more(self, client, alice, sign_in):
        sign_in(client, alice)
        assert stop(alice).counts["browsers"] == 1
        assert not KnownDevice.objects.exists()

    def test_held_requests_and_proofs_are_dropped(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        clock.shift(61)
        client.post(PHONES, {"number": "+14155550177"})
        assert stop(alice).counts["proofs"] == 1
        assert Pending.objects.get().fields is None

    def test_a_way_back_ends(self, client, alice):
        client.post("/recover/", {"username": "alice"})
        assert stop(alice).counts["recoveries"] == 1
        assert Recovery.objects.get().ended_why == "stopped"

    def test_a_wait_for_a_new_factor_ends(self, client, bob):
        waiting(client, bob)
        assert stop(bob).counts["recoveries"] == 1
        assert not bob.recovering


class TestContacts:
    def test_nothing_becomes_trusted_by_waiting(self, alice, added, clock):
        assert stop(alice).counts["changes"] == 1
        clock.shift(30 * DAY)
        assert not reached.is_trusted_email(user_id=alice.pk, address=NEW)

    def test_after_the_thaw_the_whole_wait_begins_anew(self, alice, added, clock):
        stop(alice)
        clock.shift(5 * DAY)
        on(alice)
        clock.shift(reached.new_contact_wait() - timedelta(minutes=1))
        assert not reached.is_trusted_email(user_id=alice.pk, address=NEW)
        clock.shift(timedelta(minutes=2))
        assert reached.is_trusted_email(user_id=alice.pk, address=NEW)

    def test_what_was_trusted_stays_so(self, alice, clock):
        stop(alice)
        on(alice)
        assert reached.is_trusted_email(user_id=alice.pk, address="alice@example.com")

    def test_what_could_be_undone_can_be_undone_all_the_while_and_as_long_after(
        self, alice, added, clock
    ):
        stop(alice)
        clock.shift(10 * DAY)
        assert changes.in_motion(EMAIL, alice.pk, timezone.now())
        on(alice)
        clock.shift(changes.length() - timedelta(minutes=1))
        assert undoing.undo(change=Change.objects.get(), origin=HOME) is None
        assert not EmailAddress.objects.filter(address=NEW).exists()

    def test_what_had_become_final_stays_final(self, alice, added, clock):
        clock.shift(4 * DAY)
        assert stop(alice).counts["changes"] == 0
        on(alice)
        assert not changes.in_motion(EMAIL, alice.pk, timezone.now())

    def test_an_address_that_was_taken_off_can_come_back_as_long(self, alice, added, clock):
        old = alice.emailaddresss.get(address="alice@example.com")
        contacts.make_primary(contact=added, origin=HOME)
        contacts.remove(contact=old, origin=HOME)
        stop(alice)
        clock.shift(40 * DAY)
        assert changes.purge() == 0
        first = Change.objects.earliest("pk")
        assert undoing.undo(change=first, origin=HOME) is None
        assert alice.emailaddresss.get().address == "alice@example.com"


class TestAddresses:
    def test_an_address_that_was_just_added_is_taken_back(self, alice):
        restrict(alice, "203.0.113.7")
        draft(alice, "198.51.100.20")
        assert lists.apply(user=alice, by=alice, origin=HOME) is None
        assert stop(alice).counts["addresses"] == 1
        alice.refresh_from_db()
        assert states(alice) == {"203.0.113.7": State.ACTIVE, "198.51.100.20": State.PENDING}
        assert not decide(user=alice, origin=HOTEL).is_let_in

    def test_a_first_list_on_trial_stays_because_it_narrows(self, alice):
        draft(alice, "203.0.113.7")
        assert lists.apply(user=alice, by=alice, origin=HOME, typed=HOME.address) is None
        assert stop(alice).counts["addresses"] == 0
        alice.refresh_from_db()
        assert not decide(user=alice, origin=HOTEL).is_let_in

    def test_a_removal_that_was_announced_is_called_off(self, alice, clock):
        restrict(alice, "203.0.113.7")
        pk = Restriction.objects.get(user=alice).pk
        assert lists.remove(user=alice, pk=pk, by=alice, origin=HOME) is None
        assert stop(alice).counts["addresses"] == 1
        clock.shift(2 * DAY)
        alice.refresh_from_db()
        assert not decide(user=alice, origin=HOTEL).is_let_in

    def test_an_entry_that_leaves_on_trial_stays_away(self, alice):
        restrict(alice, "203.0.113.7", "198.51.100.20")
        pk = Restriction.objects.get(user=alice, network="198.51.100.20").pk
        assert lists.remove(user=alice, pk=pk, by=alice, origin=HOME) is None
        assert stop(alice).counts["addresses"] == 0
        assert states(alice)["198.51.100.20"] == State.LEAVING

    def test_the_emergency_door_lets_nobody_in(self, alice):
        alice.door_address, alice.door_until = HOTEL.address, timezone.now() + DAY
        alice.save()
        assert stop(alice).counts["door"] == 1
        assert door.standing(alice).until is None

    def test_a_door_that_was_about_to_open_stays_shut(self, alice):
        alice.door_shut_until = timezone.now() + timedelta(hours=1)
        alice.save()
        assert stop(alice).counts["door"] == 1
        assert alice.door_shut_until == FOR_EVER

    def test_a_door_that_works_is_left_working(self, alice):
        assert stop(alice).counts["door"] == 0
        assert door.standing(alice).works

    def test_nothing_is_told_of_a_part_what_is_told_of_the_whole(self, alice):
        restrict(alice, "203.0.113.7")
        draft(alice, "198.51.100.20")
        assert lists.apply(user=alice, by=alice, origin=HOME) is None
        stop(alice)
        assert not Message.objects.filter(name="ip_taken_back").exists()


class TestWhatStays:
    def test_password_authenticators_and_contacts(self, alice):
        before = (
            alice.password,
            list(alice.phonenumbers.values()),
            list(alice.emailaddresss.values()),
            alice.password_demanded_at,
        )
        stop(alice)
        assert before == (
            alice.password,
            list(alice.phonenumbers.values()),
            list(alice.emailaddresss.values()),
            alice.password_demanded_at,
        )


class TestCodes:
    @pytest.mark.parametrize("purpose", Purpose)
    def test_none_is_sent_but_for_coming_back(self, alice, purpose):
        stop(alice)
        number = alice.phonenumbers.get().number
        with transaction.atomic():
            user = audit.lock(alice.pk)
            challenge = open_challenge(
                user_id=user.pk,
                purpose=purpose,
                method="sms",
                bound_to="a" * 64,
                life=timedelta(minutes=5),
                tries=5,
                destination=number,
                code="493817",
                with_reference=True,
            )
            sent = send_code(challenge, user=user, channel=Channel.SMS, origin=HOME)
        # Also that by which staff learn who calls, before two of them let everything go on.
        may = purpose in (Purpose.THAW, Purpose.ENROLMENT, Purpose.CONTACT, Purpose.CALLER)
        assert (sent.bar is None) == may
        assert Message.objects.filter(is_code=True).exists() == may

    def test_no_forgotten_name_is_mailed(self, client, alice):
        stop(alice)
        fields = {"email": "alice@example.com", "phone": "+14155550101"}
        client.post("/recover/name/", fields)
        assert not Message.objects.filter(name="user_name").exists()


def test_it_costs_a_bounded_number_of_statements(alice, sign_in, counted_queries):
    for _ in range(3):
        sign_in(Client(), alice)
        Message.objects.update(created_at=timezone.now() - DAY, not_before=timezone.now() - DAY)
    with counted_queries(most=45):
        stop(alice)
