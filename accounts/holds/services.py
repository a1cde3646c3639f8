from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.holds import rules
from accounts.holds.models import Hold, What, Why


def place(*, entry: Entry, what: What, why: Why) -> Hold:
    """Stops ``what`` for the user of ``entry``, or lets the hold that runs last longer.

    The caller holds the user's lock and is in the transaction of the change.
    """
    running = live(entry.at).filter(user_id=entry.user_id, what=what).order_by("-until").first()
    hold = running or Hold(user_id=entry.user_id, what=what, since=entry.at)
    hold.until = rules.until(
        running.until if running else None,
        at=entry.at,
        length=timedelta(hours=settings.HOLD_HOURS),
    )
    hold.why, hold.entry = why, entry
    hold.save()
    return hold


def live(now: datetime) -> QuerySet[Hold]:
    """Holds that run at ``now``."""
    return Hold.objects.filter(lifted_at=None, until__gt=now)


def held(*, user_id: int, what: What, now: datetime) -> Hold | None:
    """The hold that stops ``what`` for the user at ``now``, or None. One query."""
    return live(now).filter(user_id=user_id, what=what).order_by("-until").first()


def purge() -> int:
    """Deletes holds that ended long ago (``HOLD_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.HOLD_KEEP_DAYS)
    return Hold.objects.filter(until__lt=before).delete()[0]
