import pytest
from django.utils import timezone

from accounts import references
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.callers import listing, rules, services
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome, Verdict
from accounts.contacts.models import PhoneNumber
from accounts.outbox import calls
from accounts.outbox.models import Channel, Message, Status
from accounts.users.models import User
from tests.accounts.callers.conftest import DESK, opened
from tests.cast import person
from tests.sql import counted_queries

pytestmark = pytest.mark.django_db


def test_a_conversation_gets_a_reference_with_a_check_letter(talk, alice, sam):
    assert references.read(talk.shown) == talk.reference
    assert (talk.name, talk.user, talk.staff) == ("Sam", alice, sam)
    assert talk.expires_at - talk.opened_at == rules.LIFE
    entry = Entry.objects.get(user=alice, event=Event.CALLER_OPENED)
    assert entry.actor == "staff:sam"
    assert entry.detail["staff"] == "Sam"
    assert entry.origin["address"] == ""
    assert audit.verify(alice) is None


def test_the_last_name_of_staff_is_told_to_nobody(talk):
    assert "Example" not in talk.name
    assert "Example" not in str(Entry.objects.get(event=Event.CALLER_OPENED).detail)


def test_a_new_one_ends_the_one_before_of_the_same_two(talk, alice, sam):
    other = opened(alice, person("tess", staff=True))
    newer = opened(alice, sam)
    assert services.check(typed=talk.reference, viewer=None) is None
    for good in (other, newer):
        assert services.check(typed=good.reference, viewer=None) == good


def test_the_one_before_ends_wholly(talk, alice, sam):
    bound = {"user": alice, "purpose": Purpose.CALLER, "method": "sms", "tries_left": 3}
    now = timezone.now()
    asked = Challenge.objects.create(
        **bound, bound_to=str(talk.pk), created_at=now, expires_at=now + rules.LIFE
    )
    newer = opened(alice, sam)
    asked.refresh_from_db()
    assert asked.cancelled_at is not None
    entry = Entry.objects.get(event=Event.CALLER_ENDED)
    assert (entry.detail["reference"], entry.detail["by"]) == (talk.reference, "staff")
    assert audit.verify(alice) is None
    alice.refresh_from_db()
    assert alice.called_until == newer.expires_at


def test_nobody_talks_to_themselves_under_another_user_name(alice, sam):
    User.objects.filter(pk=alice.pk).update(person="P-1")
    sam.person = "p-1"
    with pytest.raises(services.NotAClient):
        opened(alice, sam)
    assert not Talk.objects.exists()


def test_nobody_talks_to_staff_to_themselves_or_to_whoever_was_closed(alice, sam):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    for user in (alice, sam, person("tess", staff=True)):
        with pytest.raises(services.NotAClient):
            opened(user, sam)
    assert not Talk.objects.exists()


@pytest.mark.parametrize("write", [str.lower, references.shown, lambda r: f" {r[:4]} {r[4:]} "])
def test_a_reference_is_read_however_it_is_written(talk, write):
    assert services.check(typed=write(talk.reference), viewer=None) == talk
    talk.refresh_from_db()
    assert talk.checks == 1


def test_it_is_good_for_its_client_alone(talk, alice, bob):
    assert services.check(typed=talk.reference, viewer=alice) == talk
    assert services.check(typed=talk.reference, viewer=bob) is None
    talk.refresh_from_db()
    assert talk.checks == 1


def test_it_is_good_for_half_an_hour(talk, clock):
    clock.shift(rules.LIFE.total_seconds() - 1)
    assert services.check(typed=talk.reference, viewer=None)
    clock.shift(2)
    assert services.check(typed=talk.reference, viewer=None) is None


def test_whoever_left_us_has_no_good_reference(talk, sam):
    for change in ({"is_active": False}, {"is_staff": False}):
        User.objects.filter(pk=sam.pk).update(is_active=True, is_staff=True)
        assert services.check(typed=talk.reference, viewer=None)
        User.objects.filter(pk=sam.pk).update(**change)
        assert services.check(typed=talk.reference, viewer=None) is None


def test_it_ends_once(talk, alice):
    services.end(talk=talk, origin=DESK)
    services.end(talk=talk, origin=DESK)
    assert services.check(typed=talk.reference, viewer=None) is None
    assert Entry.objects.filter(event=Event.CALLER_ENDED).count() == 1
    alice.refresh_from_db()
    assert alice.called_until is None


def test_whoever_nobody_talks_to_costs_no_query(alice, sam, clock):
    with counted_queries(0):
        assert listing.of_client(alice) == []
    talk = opened(alice, sam)
    alice.refresh_from_db()
    with counted_queries(1):
        assert listing.of_client(alice) == [talk]
    clock.shift(rules.LIFE.total_seconds() + 1)
    with counted_queries(0):
        assert listing.of_client(alice) == []


class TestCall:
    def test_reads_the_reference_to_the_primary_number(self, talk):
        assert services.read_out(talk=talk, origin=DESK).endswith("01")
        message = Message.objects.get(name="caller_reference")
        assert (message.channel, message.to) == (Channel.VOICE, "+14155550101")
        assert not message.is_code
        said = message.content()
        assert "Sam" in said["greeting"][0]
        # Nothing is read before a key is pressed.
        spelt = ", ".join(talk.reference)
        assert spelt not in " ".join(said["greeting"])
        assert any(spelt in line for line in said["lines"])

    def test_goes_to_no_number_that_nobody_verified(self, talk, alice):
        PhoneNumber.objects.filter(user=alice).update(primary=False, verified_at=None)
        assert services.read_out(talk=talk, origin=DESK) is None
        assert not Message.objects.exists()

    def test_is_not_made_for_a_reference_that_is_over(self, talk):
        services.end(talk=talk, origin=DESK)
        talk.refresh_from_db()
        assert services.read_out(talk=talk, origin=DESK) is None

    def test_is_made_three_times_an_hour_at_most(self, talk):
        made = [services.read_out(talk=talk, origin=DESK) is not None for _ in range(4)]
        assert made == [True, True, True, False]

    def test_key_9_ends_the_reference(self, talk, alice):
        services.read_out(talk=talk, origin=DESK)
        message = Message.objects.get(name="caller_reference")
        Message.objects.filter(pk=message.pk).update(status=Status.SENT, detail="in-progress")
        message.refresh_from_db()
        calls.answer(message, key="9", turn=0, now=message.created_at)
        assert services.check(typed=talk.reference, viewer=None) is None
        assert Entry.objects.get(event=Event.CALLER_ENDED).detail["by"] == "client"
        assert audit.verify(alice) is None


def test_what_came_of_a_proof_stands_for_good(talk, alice):
    Talk.objects.filter(pk=talk.pk).update(proof=Proof.ASKED, method="sms")
    lost = Verdict(Outcome.NO_TRIES, evaluated=True)
    assert services.answered(talk=talk, verdict=lost, origin=DESK) is Proof.FAILED
    right = Verdict(Outcome.OK, evaluated=True)
    assert services.answered(talk=talk, verdict=right, origin=DESK) is Proof.FAILED
    assert not Entry.objects.filter(event=Event.CALLER_PROVEN).exists()
    assert Entry.objects.get(event=Event.CALLER_FAILED).user == alice
    told = Message.objects.filter(name="caller_failed")
    assert {one.channel for one in told} == {Channel.EMAIL, Channel.SMS}
