"""The emergency door: it lets one address in for half an hour, and its owner may shut it.

Shutting it raises safety and is immediate. Opening it again lowers it: it waits, is told, and can
be cancelled meanwhile. What somebody has to prove to use it is decided where people sign in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.ip_restrictions import people, services
from accounts.ip_restrictions.rules import FOR_EVER
from accounts.origin import Origin
from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Door:
    """Whether the door can be used; when it can again (``opens_at``), if that was announced; the
    ``address`` that it lets in now, ``until`` when."""

    works: bool
    opens_at: datetime | None = None
    address: str = ""
    until: datetime | None = None


def standing(user: User) -> Door:
    """How the door of a user stands. No query."""
    now, shut = timezone.now(), user.door_shut_until
    works = shut is None or now >= shut
    is_in_use = user.door_until is not None and now < user.door_until
    return Door(
        works=works,
        opens_at=None if works or shut >= FOR_EVER else shut,
        address=user.door_address if is_in_use else "",
        until=user.door_until if is_in_use else None,
    )


def use(user: User, *, origin: Origin) -> None:
    """Lets the address of ``origin`` in, and no other one any more. ``user`` is locked."""
    user.door_address = origin.address
    user.door_until = timezone.now() + timedelta(minutes=settings.DOOR_MINUTES)
    user.save(update_fields=["door_address", "door_until"])
    detail = {"minutes": settings.DOOR_MINUTES}
    audit.record(Event.DOOR_OPENED, user=user, origin=origin, detail=detail)


def leave(user: User) -> None:
    """Lets no address in any more, until the door is used again. ``user`` is locked."""
    user.door_address, user.door_until = "", None
    user.save(update_fields=["door_address", "door_until"])


def shut(*, user: User, by: User, origin: Origin) -> None:
    """Switches the door off, at once; whoever is inside by it is not any more.

    Nothing is recorded of a door that is off already.
    """
    with transaction.atomic():
        row = audit.lock(user.pk)
        if row.door_shut_until == FOR_EVER:
            return
        row.door_shut_until, row.door_address, row.door_until = FOR_EVER, "", None
        row.save(update_fields=["door_shut_until", "door_address", "door_until"])
        actor = people.actor(by, row)
        audit.record(Event.DOOR_SHUT, user=row, origin=origin, actor=actor, detail={"by": by.name})


def reopen(*, user: User, by: User, origin: Origin) -> None:
    """Switches it on again after the delay; nothing changes when that is under way already."""
    with transaction.atomic():
        row = audit.lock(user.pk)
        if row.door_shut_until != FOR_EVER:
            return
        row.door_shut_until = timezone.now() + services.delay()
        row.save(update_fields=["door_shut_until"])
        detail = {"by": by.name, "at": row.door_shut_until.isoformat()}
        actor = people.actor(by, row)
        audit.record(Event.DOOR_REOPENS, user=row, origin=origin, actor=actor, detail=detail)
