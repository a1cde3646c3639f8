"""Signing in by SMS follows the primary number."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.sessions.models import Session
from sls.methods.sms.models import PhoneDevice


@pytest.fixture
def other(alice) -> PhoneNumber:
    now = timezone.now()
    return PhoneNumber.objects.create(
        user=alice, number="+14155550155", created_at=now, verified_at=now, trusted_from=now
    )


def make_primary(user, phone, session=""):
    with transaction.atomic():
        row = audit.lock(user.pk)
        user.phonenumbers.update(primary=False)
        audit.record(
            Event.PHONE_PRIMARY,
            user=row,
            origin=Origin(session=session),
            detail={"phone": phone.masked},
            note={"phone": phone, "session": session},
        )


def test_moves_signing_in_and_keeps_the_count(alice, other):
    PhoneDevice.objects.update(failures=7)
    make_primary(alice, other)
    live = PhoneDevice.objects.get(revoked_at=None)
    assert (live.phone, live.failures, live.confirmed) == (other, 7, True)


def test_does_not_unlock_a_disabled_authenticator(alice, other):
    PhoneDevice.objects.update(disabled_at=timezone.now())
    make_primary(alice, other)
    assert PhoneDevice.objects.get(revoked_at=None).disabled_at is not None


def test_spares_the_session_that_moved_it_and_ends_the_others(client, alice, other, sign_in):
    sign_in(client, alice)
    mine = Session.objects.get()
    make_primary(alice, other, session=mine.key)
    mine.refresh_from_db()
    assert mine.ended_at is None
    assert mine.device == PhoneDevice.objects.get(revoked_at=None).persistent_id
    make_primary(alice, alice.phonenumbers.get(number="+14155550101"))
    mine.refresh_from_db()
    assert mine.ended_at is not None


def test_gives_nobody_sms_who_signs_in_otherwise(sam):
    phone = sam.phonenumbers.get()
    make_primary(sam, phone)
    assert not PhoneDevice.objects.filter(user=sam).exists()
