"""The typo door: another mobile number, open until the first one is verified (UX R20)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import vault
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges import services as challenges
from accounts.contacts import rules as contacts
from accounts.contacts.models import PhoneNumber
from accounts.contacts.reached import first_phone
from accounts.contacts.rules import Refusal
from accounts.contacts.services import read_phone, write_phone
from accounts.origin import Origin
from accounts.users.models import User
from sls.enrolment.models import Activation
from sls.login.models import Attempt
from sls.login.rules import Why
from sls.methods.sms.models import PhoneDevice

CHANGES_A_DAY = 5
DAY = timedelta(hours=24)


def is_open(found: Activation | Attempt, now: datetime) -> bool:
    """Whether this activation or first sign-in may still change the number."""
    enrolling = isinstance(found, Activation) or found.enrolling
    return enrolling and found.user.activated_at is None and found.is_live(now)


def replace(*, user: User, typed: str, origin: Origin) -> PhoneNumber | Refusal:
    """Puts another number in place of the unverified one and ends open sign-ins of the user.

    The caller begins a new one. Failures counted so far stay with the person, not the number.
    """
    with transaction.atomic():
        user = audit.lock(user.pk)
        old = first_phone(user.pk)
        if old is None or old.verified_at is not None or user.activated_at is not None:
            return Refusal.GONE
        number = _read(user, old, typed)
        if isinstance(number, Refusal):
            return number
        _end_attempts(user)
        if number == old.number:
            return old
        return _swap(user, old, number, origin)


def _read(user: User, old: PhoneNumber, typed: str) -> str | Refusal:
    number = contacts.read_phone(typed, contacts.region_of(old.number))
    if isinstance(number, Refusal):
        return number
    added = Entry.objects.filter(
        user=user, event=Event.PHONE_ADDED, at__gt=timezone.now() - DAY
    ).count()
    if added >= CHANGES_A_DAY:
        return Refusal.FULL
    return read_phone(user_id=user.pk, typed=number)


def _end_attempts(user: User) -> None:
    live = Attempt.objects.filter(user=user, ended_at=None)
    live.update(ended_at=timezone.now(), ended_why=Why.DONE)
    challenges.cancel(user_id=user.pk)


def _swap(user: User, old: PhoneNumber, number: str, origin: Origin) -> PhoneNumber:
    PhoneNumber.objects.filter(user=user, number=number).exclude(pk=old.pk).delete()
    new = write_phone(user, number)
    # The authenticator has proven nothing yet; it moves with its count of failures.
    PhoneDevice.objects.filter(user=user, phone=old, revoked_at=None, confirmed=False).update(
        phone=new, name=new.masked, number_index=vault.blind_index(number, "phone")
    )
    old.delete()
    for event, phone in ((Event.PHONE_REMOVED, old), (Event.PHONE_ADDED, new)):
        audit.record(
            event, user=user, origin=origin, detail={"phone": phone.masked}, note={"phone": phone}
        )
    return new
