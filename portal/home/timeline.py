"""Sign-ins as a picture: one lane for each outcome, one place for each day.

Shapes, lanes and words tell the outcomes apart, colour alone never does. The same facts stand
beneath as a list.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import agents
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.prepared import prepared
from accounts.users.models import User

DAYS = 30
MOST = 500  # sign-ins of a month that a person can still look at
HEIGHT = 56  # of a lane, in pixels
MANY = 4  # from so many on a day the mark is as large as it gets


class Outcome(StrEnum):
    """The lanes, from the top."""

    DONE = "done"
    UNUSUAL = "unusual"
    REFUSED = "refused"


LANES: dict[Outcome, Promise] = {
    Outcome.DONE: _("Signed in"),
    Outcome.UNUSUAL: _("New device or unusual"),
    Outcome.REFUSED: _("Refused"),
}
OUTCOMES: dict[str, Outcome] = {
    Event.SIGNED_IN: Outcome.DONE,
    Event.SIGNED_IN_NEW_DEVICE: Outcome.UNUSUAL,
    Event.SIGNED_IN_UNUSUAL: Outcome.UNUSUAL,
    Event.SIGN_IN_REFUSED: Outcome.REFUSED,
    Event.SIGN_IN_STOPPED: Outcome.REFUSED,
    Event.SIGN_IN_FAILED: Outcome.REFUSED,
    Event.PASSWORD_FAILED: Outcome.REFUSED,
    Event.SIGN_IN_LOCKED: Outcome.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What of one outcome was on one day. ``x`` is its place from the left in percent, ``size``
    1 to 3."""

    day: date
    x: str
    size: int
    count: int


@dataclass(frozen=True, slots=True)
class Lane:
    """``y`` is where its line runs, ``label_y`` where its name stands, in pixels from the top."""

    code: str
    label: str
    label_y: int
    y: int
    count: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Listed:
    """A sign-in as a line."""

    number: int
    outcome: str
    label: str
    at: datetime
    agent: str
    address: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """``is_cut`` says that there was more than the page shows."""

    first: date
    last: date
    lanes: list[Lane]
    entries: list[Listed]
    is_cut: bool


def of_user(user: User) -> Timeline:
    """The sign-ins of the last ``DAYS`` days, in the reader's zone. One query."""
    now = timezone.now()
    last = timezone.localdate(now)
    first = last - timedelta(days=DAYS - 1)
    entries = [
        entry
        for entry in _entries(user_id=user.pk, since=now - timedelta(days=DAYS))
        if timezone.localdate(entry.at) >= first
    ]
    days = [(OUTCOMES[entry.event], timezone.localdate(entry.at)) for entry in entries]
    return Timeline(
        first=first,
        last=last,
        lanes=lanes(days, first=first),
        entries=[_listed(entry) for entry in entries],
        is_cut=len(entries) >= MOST,
    )


def lanes(days: Iterable[tuple[Outcome, date]], *, first: date) -> list[Lane]:
    """The picture of sign-ins with their days, of which ``first`` is the leftmost. Pure."""
    counted = Counter(days)
    return [
        _lane(outcome, {day: n for (one, day), n in counted.items() if one is outcome}, first, row)
        for row, outcome in enumerate(Outcome)
    ]


def _lane(outcome: Outcome, counts: dict[date, int], first: date, row: int) -> Lane:
    marks = [_mark(day, counts[day], first) for day in sorted(counts)]
    top = row * HEIGHT
    total = sum(counts.values())
    return Lane(outcome.value, str(LANES[outcome]), top + 14, top + 38, total, marks)


def _mark(day: date, count: int, first: date) -> Mark:
    x = ((day - first).days + 0.5) / DAYS * 100
    return Mark(day, f"{x:.2f}%", 1 if count == 1 else 2 if count < MANY else 3, count)


@prepared
def _entries(user_id: int, since: datetime) -> QuerySet[Entry]:
    mine = Entry.objects.filter(user_id=user_id, at__gt=since, event__in=list(OUTCOMES))
    return mine.order_by("-at", "-number")[:MOST]


def _listed(entry: Entry) -> Listed:
    return Listed(
        number=entry.number,
        outcome=OUTCOMES[entry.event].value,
        label=Event(entry.event).label,
        at=entry.at,
        agent=agents.in_words(entry.origin.get("agent", "")),
        address=entry.origin.get("address", ""),
    )
