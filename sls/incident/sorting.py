"""What is the owner's and what is not: authenticators and contacts, looked through one by one."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.contacts import changes, reached, undoing
from accounts.contacts import services as contacts
from accounts.contacts import wording as contact_wording
from accounts.contacts.kinds import KINDS, PHONE, Contact, Kind
from accounts.contacts.models import Change, What
from accounts.contacts.rules import Refusal
from accounts.origin import Origin
from accounts.passwords import demand
from accounts.sessions.models import Session
from sls.devices import listing, removal
from sls.devices import wording as device_wording
from sls.incident import services, wording
from sls.incident.rules import Stage
from sls.methods.device import Authenticator
from sls.methods.sms.models import PhoneDevice

Answers = Mapping[str, bool]  # by key: whether it is the owner's


def factors(user_id: int) -> list[Authenticator]:
    """What is asked about; numbers are among the contacts. A query for each method."""
    return [one for one in listing.held(user_id) if not isinstance(one, PhoneDevice)]


def contacts_of(user_id: int) -> list[Contact]:
    """Addresses, then numbers. Two queries."""
    return [one for kind in reversed(KINDS.values()) for one in reached.listed(kind, user_id)]


def taken_off(user_id: int) -> list[tuple[Change, Contact]]:
    """What left the lists lately and can come back, with what it was. Two queries, or four."""
    now, found = timezone.now(), []
    for kind in KINDS.values():
        motion = [one for one in changes.in_motion(kind, user_id, now) if one.what == What.REMOVED]
        steps = undoing.steps_of(motion)
        found += [(one, steps[one.pk].contact) for one in motion if one.pk in steps]
    return found


def key(one: Authenticator | Contact | Change) -> str:
    """The name of the field that asks about it."""
    return f"{one._meta.model_name}-{one.pk}"


def sort_factors(*, row: Session, answers: Answers, origin: Origin) -> list[str]:
    """Removes every authenticator that is not the owner's; returns why some stay, or [].

    The one that the session stands on is not asked about: something that was there before always
    remains.
    """
    stuck = []
    with transaction.atomic():
        audit.lock(row.user_id)
        for device in factors(row.user_id):
            if device.persistent_id == row.device or answers.get(key(device), True):
                continue
            refusal = removal.remove(device=device, proven_by=row.device, origin=origin)
            if refusal is not None:
                why = device_wording.of_refusal(refusal)
                stuck.append(wording.stays(device.name, why))
        if not stuck:
            services.finish(user_id=row.user_id, stage=Stage.FACTORS)
    return stuck


def sort_contacts(*, row: Session, answers: Answers, origin: Origin) -> list[str]:
    """Takes every contact off that is not the owner's, and brings back what somebody else took
    off; returns why some stay. The page is done all the same: what stays is ours to settle."""
    stuck = []
    with transaction.atomic():
        audit.lock(row.user_id)
        for change, _contact in taken_off(row.user_id):
            if not answers.get(key(change), True):
                undoing.undo(change=change, origin=origin)
        for contact in contacts_of(row.user_id):
            if not answers.get(key(contact), True):
                why = _take_off(contact, answers, row=row, origin=origin)
                if why:
                    stuck.append(wording.stays(contact.shown, why))
        services.finish(user_id=row.user_id, stage=Stage.CONTACTS)
        # What was undone demands a new password; there is one already.
        demand.is_met(user_id=row.user_id)
    return stuck


def _take_off(contact: Contact, answers: Answers, *, row: Session, origin: Origin) -> str:
    """Undone where that is possible, which restores what was before; removed where it is not."""
    kind = PHONE if contact in reached.listed(PHONE, row.user_id) else KINDS["email"]
    added = _added(contact, kind, row.user_id)
    if added is not None and undoing.undo(change=added, origin=origin) is None:
        return ""
    here = next((one for one in reached.listed(kind, row.user_id) if one == contact), None)
    if here is None:
        return ""
    if here.primary and not _make_another_primary(here, kind, answers, origin=origin):
        if kind is PHONE:
            removal.switch_off_sms(user_id=row.user_id, proven_by=row.device, origin=origin)
        return wording.only_one()
    refusal = contacts.remove(contact=here, origin=origin)
    if refusal in (None, Refusal.GONE):
        return ""
    return contact_wording.of_refusal(refusal, kind)


def _added(contact: Contact, kind: Kind, user_id: int) -> Change | None:
    motion = changes.in_motion(kind, user_id, timezone.now())
    mine = [one for one in motion if one.contact == contact.pk and one.what == What.ADDED]
    return mine[-1] if mine else None


def _make_another_primary(
    contact: Contact, kind: Kind, answers: Answers, *, origin: Origin
) -> bool:
    own = [
        other
        for other in reached.listed(kind, contact.user_id)
        if other != contact and other.verified_at and answers.get(key(other), False)
    ]
    return any(contacts.make_primary(contact=other, origin=origin) is None for other in own)
