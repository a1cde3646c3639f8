"""A session that its person has locked: on the server, so that no page of it opens meanwhile."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions import services
from accounts.sessions.models import End, Session


def lock(*, row: Session, origin: Origin) -> None:
    """Until ``unlock`` the session opens nothing, and its step-up window is closed for good."""
    with transaction.atomic():
        user = audit.lock(row.user_id)
        live = Session.objects.filter(pk=row.pk, ended_at=None, locked_at=None)
        locked = live.update(locked_at=timezone.now(), verified_action="", verified_until=None)
        if locked:
            audit.record(Event.SESSION_LOCKED, user=user, origin=origin)


def unlock(*, row: Session, method: str, origin: Origin) -> bool:
    """The session opens everything again; False when it has ended meanwhile.

    ``method`` is what proved its person, for the audit.
    """
    with transaction.atomic():
        user = audit.lock(row.user_id)
        locked = Session.objects.filter(pk=row.pk, ended_at=None, locked_at__isnull=False)
        if not locked.update(locked_at=None, unlock_failures=0, seen_at=timezone.now()):
            return False
        audit.record(Event.SESSION_UNLOCKED, user=user, origin=origin, detail={"method": method})
        return True


def failed(*, row: Session, origin: Origin) -> bool:
    """Counts a wrong try; the last one (``UNLOCK_TRIES``) ends the session, and True is returned.

    The count commits before anything else, so that nothing takes it back.
    """
    mine = Session.objects.filter(pk=row.pk)
    mine.update(unlock_failures=F("unlock_failures") + 1)
    failures = mine.values_list("unlock_failures", flat=True).get()
    if failures < settings.UNLOCK_TRIES:
        return False
    services.end(row=row, why=End.UNLOCKING, origin=origin)
    return True
