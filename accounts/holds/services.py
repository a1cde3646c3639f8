from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import gathered
from accounts.audit.models import Entry
from accounts.holds import rules
from accounts.holds.models import Hold, What, Why
from accounts.prepared import prepared

_APART = (Why.FROZEN, Why.SUPPORT, Why.TRANSACTION)  # lifted by whoever placed them, and only so
LONGEST_FIRST = F("until").desc(nulls_first=True)


def place(*, entry: Entry, what: What, why: Why) -> Hold:
    """Stops ``what`` for the user of ``entry``, or lets the hold that runs last longer.

    The caller holds the user's lock and is in the transaction of the change.
    """
    # What was placed a moment ago in the same act is not written yet.
    placed = gathered.known().setdefault(("hold", entry.user_id), {})
    running = placed.get(what) or _running(entry, what)
    hold = running or Hold(user_id=entry.user_id, what=what, since=entry.at)
    hold.until = rules.until(
        running.until if running else None,
        at=entry.at,
        length=timedelta(hours=settings.HOLD_HOURS),
    )
    hold.why, hold.entry = why, entry
    if what not in placed:
        placed[what] = hold
        if running is None:
            gathered.insert(hold)
        else:
            gathered.change(hold, "until", "why", "entry")
    return hold


def _running(entry: Entry, what: What) -> Hold | None:
    running = live(entry.at).filter(user_id=entry.user_id, what=what).exclude(why__in=_APART)
    return running.order_by("-until").first()


def freeze(*, entry: Entry, trading: str) -> None:
    """Stops whatever a freeze stops, until it is lifted. What it holds already stays as it is.

    The caller holds the user's lock and is in the transaction of the freeze.
    """
    mine = Hold.objects.filter(user_id=entry.user_id, why=Why.FROZEN, lifted_at=None)
    held = set(mine.values_list("what", flat=True))
    Hold.objects.bulk_create(
        Hold(user_id=entry.user_id, what=what, why=Why.FROZEN, since=entry.at, entry=entry)
        for what in rules.frozen(trading)
        if what not in held
    )


def keep(*, entry: Entry, what: What, why: Why) -> Hold:
    """Stops ``what`` for the user of ``entry`` until ``release``; each stands for itself.

    The caller holds the user's lock.
    """
    return Hold.objects.create(
        user_id=entry.user_id, what=what, why=why, since=entry.at, entry=entry
    )


def release(hold: Hold | None) -> None:
    """Lifts this one hold; what waits for another reason goes on waiting."""
    if hold is not None:
        Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now())


def thaw(*, entry: Entry) -> None:
    """Lifts what the freeze held; what waits for another reason goes on waiting."""
    mine = Hold.objects.filter(user_id=entry.user_id, why=Why.FROZEN, lifted_at=None)
    mine.update(lifted_at=entry.at)


def live(now: datetime) -> QuerySet[Hold]:
    """Holds that run at ``now``."""
    return Hold.objects.filter(Q(until__gt=now) | Q(until=None), lifted_at=None)


def held(*, user_id: int, what: What, now: datetime) -> Hold | None:
    """The hold that stops ``what`` for the user at ``now``, or None: of several the one that lasts
    longest. One query."""
    return live(now).filter(user_id=user_id, what=what).order_by(LONGEST_FIRST).first()


def running(*, user_id: int, now: datetime) -> list[tuple[What, datetime | None]]:
    """What is held of the user at ``now``, and until when each. One query."""
    return [(What(what), until) for what, until in _held_of(user_id=user_id, now=now)]


@prepared
def _held_of(user_id: int, now: datetime) -> QuerySet:
    return live(now).filter(user_id=user_id).values_list("what", "until")


def purge() -> int:
    """Deletes holds that ended long ago (``HOLD_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.HOLD_KEEP_DAYS)
    over = Q(until__lt=before) | Q(until=None, lifted_at__lt=before)
    return Hold.objects.filter(over).delete()[0]
