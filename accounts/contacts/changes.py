"""Changes of contacts that are in motion: written with the change, undone for some days."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.contacts import kinds
from accounts.contacts.kinds import Contact, Kind
from accounts.contacts.models import Change, What
from accounts.joined import Read
from accounts.prepared import prepared


def write(what: What, contact: Contact, *, former: Contact | None = None) -> Change | None:
    """Keeps how to take the change back. The caller holds the user's lock.

    None for a client who is not activated yet: nothing was there before.
    """
    if contact.user.activated_at is None:
        return None
    now = timezone.now()
    return Change.objects.create(
        user_id=contact.user_id,
        kind=kinds.of(contact).name,
        what=what,
        contact=contact.pk,
        former=former.pk if former else None,
        at=now,
        until=now + length(),
    )


def renew(contact: Contact) -> Change | None:
    """The adding of a contact that was verified just now: its time begins anew, so that nobody
    waits with the code until it is over. None when it was undone or never written."""
    added = Change.objects.filter(
        user_id=contact.user_id,
        kind=kinds.of(contact).name,
        what=What.ADDED,
        contact=contact.pk,
        undone_at=None,
    ).last()
    if added is not None:
        added.until = timezone.now() + length()
        added.save(update_fields=["until"])
    return added


def length() -> timedelta:
    """For how long a change can be undone (CONTRACT 6)."""
    return timedelta(hours=settings.CONTACT_UNDO_HOURS)


def find(change_id: int, *, user_id: int, kind: Kind) -> Change | None:
    """The change of this user and kind, whatever became of it. One query."""
    return Change.objects.filter(pk=change_id, user_id=user_id, kind=kind.name).first()


def in_motion(kind: Kind, user_id: int, now: datetime) -> list[Change]:
    """What can be undone at ``now``, the newest first. One query."""
    return reading(kind, user_id, now).alone()


def reading(kind: Kind, user_id: int, now: datetime) -> Read[list[Change]]:
    """``in_motion``, to be read along with something else."""
    return Read(_in_motion, {"kind": kind.name, "user_id": user_id, "now": now})


def undone_with(change: Change, now: datetime) -> list[Change]:
    """``change`` and what came after it on the same list, the newest first: undoing it restores
    what was before, so that all of them go. One query."""
    found = _in_motion(kind=change.kind, user_id=change.user_id, now=now)
    return [one for one in found if one.pk >= change.pk]


@prepared
def _in_motion(kind: str, user_id: int, now: datetime) -> QuerySet[Change]:
    mine = Change.objects.filter(user_id=user_id, kind=kind, undone_at=None)
    return mine.filter(until__gt=now).order_by("-pk")


def purge() -> int:
    """Deletes contacts that were taken off a list and cannot come back, and changes of long ago
    (``CONTACT_CHANGE_KEEP_DAYS``). Returns how many."""
    now = timezone.now()
    gone = sum(_gone(kind, now).delete()[0] for kind in kinds.KINDS.values())
    old = now - timedelta(days=settings.CONTACT_CHANGE_KEEP_DAYS)
    return gone + Change.objects.filter(until__lt=old).delete()[0]


def _gone(kind: Kind, now: datetime) -> QuerySet[Contact]:
    """What nothing asks for any more. An address that was trusted still tells whose the link is
    that stops everything (``accounts.freeze.links``): whoever reads it may have lost it just so."""
    moving = Change.objects.filter(
        user=OuterRef("user"), kind=kind.name, contact=OuterRef("pk"), undone_at=None, until__gt=now
    )
    linked = Q(
        trusted_from__lte=F("removed_at"),
        removed_at__gt=now - timedelta(days=settings.FREEZE_LINK_DAYS),
    )
    removed = kind.model.kept.filter(removed_at__lt=now - length())
    return removed.exclude(linked).exclude(Exists(moving))
