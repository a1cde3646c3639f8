"""A freeze stops the clock of what is in motion: nothing becomes trusted by waiting for it, and
nothing that the owner could take back becomes final meanwhile."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.contacts import changes, kinds
from accounts.contacts.models import Change
from accounts.contacts.reached import new_contact_wait

# As good as for ever; ``resume`` sets the true time.
PAUSE = timedelta(days=365)


def pause(*, user_id: int, now: datetime) -> int:
    """The caller holds the user's lock. Returns how many changes were in motion."""
    later = now + PAUSE
    for kind in kinds.KINDS.values():
        young = kind.model.kept.filter(user_id=user_id, trusted_from__gt=now)
        young.update(trusted_from=later)
    return Change.objects.filter(user_id=user_id, undone_at=None, until__gt=now).update(until=later)


def resume(*, user_id: int, since: datetime, now: datetime) -> None:
    """What was in motion ``since`` the pause has its whole time again. The caller holds the user's
    lock."""
    for kind in kinds.KINDS.values():
        then = Q(created_at__lte=since) | Q(trusted_from=since + PAUSE)
        young = kind.model.kept.filter(then, user_id=user_id, trusted_from__gt=since)
        young.update(trusted_from=now + new_contact_wait())
    moving = Change.objects.filter(user_id=user_id, undone_at=None, at__lte=since)
    moving.filter(until__gt=since).update(until=now + changes.length())
