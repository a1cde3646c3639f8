"""What each of staff did lately, a page of names at a time.

However much staff do, a page costs the same: each name is found by one step along the index of what
staff did, and at most ``MOST`` of its newest entries are counted there; what is more is "at least".
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.prepared import prepared
from portal.console.trail_reading import SLACK, STAFF, first_at

SIZE = 20
STEPS = 100  # along the names; whoever did nothing lately takes one, too
MOST = 2_000
_KEY = re.compile(r"[!-~]{1,74}")  # what follows the prefix in an actor


@dataclass(frozen=True, slots=True)
class Worker:
    """What one of staff did: acts, client pages opened besides, and the last time. ``more`` says
    that there is more than was counted."""

    name: str
    acts: int
    opened: int
    last: datetime
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """By name. ``more`` is the name that the next page begins behind, "" on the last."""

    workers: list[Worker]
    more: str


def page(since: datetime, *, after: str = "") -> Page:
    """Whoever of staff did something since then, behind the name ``after``. A row for each name,
    a count where there is something to tell, and some single rows for the time."""
    key = STAFF + (after if _KEY.fullmatch(after) else "")
    first, workers = first_at(since - SLACK), []
    for _step in range(STEPS):
        found = _next.first(key=key)
        if found is None:
            return Page(workers, "")
        if len(workers) == SIZE:
            break
        key, last = found
        if last >= since:
            workers.append(_worker(key, last, first=first, since=since))
    return Page(workers, key.removeprefix(STAFF))


@prepared
def _next(key: str) -> QuerySet[tuple[str, datetime]]:
    """The next of staff by name, and when they last did something."""
    rows = Entry.objects.filter(actor__startswith=STAFF, actor__gt=key)
    return rows.order_by("actor", "-pk").values_list("actor", "at")[:1]


def _worker(actor: str, last: datetime, *, first: int, since: datetime) -> Worker:
    rows = Entry.objects.filter(actor=actor, actor__startswith=STAFF, pk__gte=first, at__gte=since)
    newest = rows.order_by("-pk").values("pk", "event")[:MOST]
    opened = Q(event=Event.CLIENT_OPENED)
    counted = newest.aggregate(acts=Count("pk", filter=~opened), opened=Count("pk", filter=opened))
    is_cut = counted["acts"] + counted["opened"] == MOST
    return Worker(actor.removeprefix(STAFF), last=last, more=is_cut, **counted)
