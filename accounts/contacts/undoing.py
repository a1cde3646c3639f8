"""Takes a change of contacts back: what was before it is so again, and everybody is logged off."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.contacts import changes, rules
from accounts.contacts.kinds import KINDS, Contact, Kind
from accounts.contacts.models import Change, What
from accounts.contacts.rules import Refusal
from accounts.origin import Origin


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, to which contact, and which one was primary before."""

    what: What
    contact: Contact
    former: Contact | None


def undo(*, change: Change, origin: Origin, actor: str = "self") -> Refusal | None:
    """Restores what was before ``change``, once, in its time. Returns None when that is done.

    What came after it on the same list goes with it: whoever adds an address, makes it primary and
    removes the old one has all three taken back by one undo of the first. The receivers end every
    session of the user but that of ``origin``.
    """
    kind = KINDS[change.kind]
    with transaction.atomic():
        user = audit.lock(change.user_id)
        change.refresh_from_db()
        now = timezone.now()
        if refusal := rules.standing(now, until=change.until, undone_at=change.undone_at):
            return refusal
        undone = changes.undone_with(change, now)
        rows = _rows(kind, change.user_id)
        dropped = [row for one in undone if (row := _revert(one, rows, now))]
        Change.objects.filter(pk__in=[one.pk for one in undone]).update(undone_at=now)
        primary = kind.model.objects.filter(user_id=user.pk, primary=True).first()
        audit.record(
            kind.undone,
            user=user,
            origin=origin,
            actor=actor,
            detail={kind.name: _about(change, rows), "what": change.what, "changes": len(undone)},
            note={
                kind.name: primary,
                "dropped": [row for row in dropped if row.verified_at is not None],
                "session": origin.session,
            },
        )
        # Only now: the authenticator of a number has followed the primary one back.
        kind.model.kept.filter(pk__in=[row.pk for row in dropped]).delete()
        return None


def _rows(kind: Kind, user_id: int) -> dict[int, Contact]:
    return {row.pk: row for row in kind.model.kept.filter(user_id=user_id)}


def _about(change: Change, rows: dict[int, Contact]) -> str:
    row = rows.get(change.contact)
    return row.masked if row else ""


def _revert(change: Change, rows: dict[int, Contact], now: datetime) -> Contact | None:
    """Takes one change back; returns the contact that leaves the list by that, if one does."""
    row, former = rows.get(change.contact), rows.get(change.former)
    if row is None:  # it left the list unverified
        return None
    if change.what == What.REMOVED:
        _save(row, removed_at=None)
    elif change.what == What.ADDED:
        _save(row, primary=False, removed_at=now)
        return row
    elif former is not None:
        _save(row, primary=False)
        _save(former, primary=True)
    return None


def _save(row: Contact, **facts: object) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


def steps(change: Change, now: datetime) -> list[Step]:
    """What undoing ``change`` takes back, the newest first. Two queries."""
    return list(steps_of(changes.undone_with(change, now)).values())


def steps_of(found: list[Change]) -> dict[int, Step]:
    """What each of these changes of one user and kind was, by its id; without those whose contact
    left the list unverified. One query, none for no change."""
    if not found:
        return {}
    rows = _rows(KINDS[found[0].kind], found[0].user_id)
    return {
        one.pk: Step(What(one.what), rows[one.contact], rows.get(one.former))
        for one in found
        if one.contact in rows
    }
