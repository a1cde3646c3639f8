"""What is recorded together is written at once, and holds as if it had been written one by one."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import gathered
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.holds.models import Hold
from accounts.origin import Origin
from accounts.outbox.models import Message

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7")


def revoke(user) -> None:
    detail = {"method": "passkey", "device": "Key", "why": "removed"}
    note = {"device": "none/1", "session": "", "successor": ""}
    audit.record(Event.DEVICE_REVOKED, user=user, origin=ORIGIN, detail=detail, note=note)


def challenge_of(user) -> Challenge:
    now = timezone.now()
    made = Challenge.objects.create(
        user=user,
        purpose=Purpose.SIGN_IN,
        method="sms",
        bound_to="this",
        expires_at=now,
        created_at=now,
        tries_left=5,
    )
    made.tries_left = 3
    return made


def test_the_chain_is_whole_and_what_follows_points_into_it(alice):
    with transaction.atomic():
        user = audit.lock(alice.pk)
        before = user.audit_number
        with audit.together(user):
            revoke(user)
            revoke(user)
            assert not Entry.objects.filter(user=alice, number__gt=before).exists()
    made = Entry.objects.filter(user=alice, number__gt=before).order_by("number")
    assert [one.number for one in made] == [before + 1, before + 2]
    assert list(made.values_list("pk", flat=True)) == sorted(one.pk for one in made)
    assert audit.verify(alice) is None
    assert Hold.objects.get(user=alice).entry == made[1]
    assert Message.objects.filter(user=alice).exists()


def test_what_points_at_no_entry_goes_in_the_statement_of_the_chain(alice, counted_queries):
    changed = challenge_of(alice)
    with transaction.atomic():
        user = audit.lock(alice.pk)
        with counted_queries(1), audit.together(user):
            audit.record(Event.SIGNED_OUT, user=user, origin=ORIGIN)
            gathered.change(changed, "tries_left")
    assert Challenge.objects.get(user=alice).tries_left == 3
    assert audit.verify(alice) is None


def test_inside_a_gathering_the_chain_does_not_wait_for_its_end(alice):
    with transaction.atomic(), gathered.gathering():
        user = audit.lock(alice.pk)
        with audit.together(user):
            audit.record(Event.SIGNED_OUT, user=user, origin=ORIGIN)
        audit.record(Event.SIGNED_OUT, user=user, origin=ORIGIN)
    assert audit.verify(alice) is None


def test_another_clash_is_not_told_as_a_stale_chain(alice):
    twin = challenge_of(alice)

    def clash() -> None:
        with transaction.atomic():
            user = audit.lock(alice.pk)
            with audit.together(user):
                audit.record(Event.SIGNED_OUT, user=user, origin=ORIGIN)
                gathered.insert(twin)

    with pytest.raises(IntegrityError, match="challenge"):
        clash()


def test_one_inside_another_belongs_to_it(alice):
    with transaction.atomic():
        user = audit.lock(alice.pk)
        before = user.audit_number
        with audit.together(user):
            revoke(user)
            with audit.together(user):
                revoke(user)
            revoke(user)
    alice.refresh_from_db()
    assert alice.audit_number == before + 3
    assert audit.verify(alice) is None


def test_an_error_leaves_nothing_written(alice):
    def fail() -> None:
        with transaction.atomic():
            user = audit.lock(alice.pk)
            with audit.together(user):
                revoke(user)
                raise LookupError

    before = Entry.objects.filter(user=alice).count()
    with pytest.raises(LookupError):
        fail()
    assert Entry.objects.filter(user=alice).count() == before
    assert not Hold.objects.filter(user=alice).exists()
    assert audit.verify(alice) is None


def test_whoever_is_locked_anew_meanwhile_forks_no_chain(alice):
    def fork() -> None:
        with transaction.atomic():
            user = audit.lock(alice.pk)
            with audit.together(user):
                revoke(user)
                revoke(audit.lock(alice.pk))

    with pytest.raises(audit.StaleChain):
        fork()
    assert audit.verify(alice) is None
