"""The whole trail, a page at a time by key.

One condition leads, by an index; the others are looked for among what it finds, ``SCAN`` entries at
a time: however rare the thing, a page costs the same, and says how far back it looked. A time is
turned into a number of the table first. Nothing is counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from accounts.audit import kinds
from accounts.audit.events import Event
from accounts.audit.kinds import Kind
from accounts.audit.models import Entry
from accounts.prepared import prepared

SIZE = 50
SCAN = 2_000
STAFF = "staff:"
SLACK = timedelta(minutes=10)  # an entry is dated a little before it gets its place


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None or "" where it does not matter. ``chain`` is the id of a user, or
    "system" for what is about nobody."""

    chain: int | str | None = None
    event: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as auditors read it. ``facts`` are its details, as they are stored."""

    entry: Entry
    label: str
    whose: str
    address: str
    platform: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """``older`` is where to go on, "" at the end; ``reached`` how far back this page looked, where
    it found less than fits on it."""

    lines: list[Line]
    older: str
    reached: datetime | None


def page(wanted: Wanted, *, before: str = "") -> Page:
    """The newest that fit, older than the key ``before``. Two queries, and some single rows where
    a time is asked for."""
    rows = _within(leading(wanted), bounds(wanted))
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    edge = None
    if _rest(wanted):
        edge = next(iter(rows.values_list("pk", "at")[SCAN - 1 : SCAN]), None)
    if edge:
        rows = rows.filter(pk__gte=edge[0])
    found = list(rows.filter(_rest(wanted)).select_related("user")[: SIZE + 1])
    lines = [line(entry) for entry in found[:SIZE]]
    if len(found) > SIZE:
        return Page(lines, str(found[SIZE - 1].pk), None)
    return Page(lines, str(edge[0]), edge[1]) if edge else Page(lines, "", None)


def leading(wanted: Wanted) -> QuerySet[Entry]:
    """The entries of the one condition that an index serves best, newest first."""
    rows = Entry.objects.order_by("-pk")
    if isinstance(wanted.chain, int):
        # By the number in the chain: the order is the same, and it has an index.
        return Entry.objects.filter(user=wanted.chain).order_by("-number")
    if wanted.chain:
        return Entry.objects.filter(user=None).order_by("-number")
    if wanted.actor.startswith(STAFF):
        return rows.filter(actor=wanted.actor, actor__startswith=STAFF)
    if wanted.event and _is_change(wanted.event):
        return rows.filter(event=wanted.event, kind=Kind.CHANGE.value)
    return rows


def _is_change(event: str) -> bool:
    return kinds.of(event) is Kind.CHANGE


def _rest(wanted: Wanted) -> Q:
    """What the leading condition does not say."""
    rest = Q()
    leads_by_staff = wanted.chain is None and wanted.actor.startswith(STAFF)
    if wanted.event and (wanted.chain or leads_by_staff or not _is_change(wanted.event)):
        rest &= Q(event=wanted.event)
    if wanted.actor and not leads_by_staff:
        rest &= Q(actor=wanted.actor)
    if wanted.since:
        rest &= Q(at__gte=wanted.since)
    if wanted.until:
        rest &= Q(at__lt=wanted.until)
    return rest


def bounds(wanted: Wanted) -> tuple[int | None, int | None]:
    """The keys that the time which is asked for lies between."""
    first = first_at(wanted.since - SLACK) if wanted.since else None
    last = first_at(wanted.until + SLACK) if wanted.until else None
    return first, last


def _within(rows: QuerySet[Entry], between: tuple[int | None, int | None]) -> QuerySet[Entry]:
    first, last = between
    if first is not None:
        rows = rows.filter(pk__gte=first)
    return rows if last is None else rows.filter(pk__lt=last)


def first_at(moment: datetime) -> int:
    """The key of the first entry from that moment on. Halves its way through the table: a few
    dozen single rows at most, and no index by time that each entry would have to be put into."""
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    low, high = 0, newest + 1
    while low < high:
        middle = (low + high) // 2
        found = _next.first(key=middle)
        if found is not None and found[1] < moment:
            low = found[0] + 1
        else:
            high = middle
    return low


@prepared
def _next(key: int) -> QuerySet[tuple[int, datetime]]:
    return Entry.objects.filter(pk__gte=key).order_by("pk").values_list("pk", "at")[:1]


def walk(wanted: Wanted, *, most: int, scan: int) -> QuerySet[Entry]:
    """Up to ``most`` entries among the newest ``scan`` that the leading condition finds."""
    rows = _within(leading(wanted), bounds(wanted))
    edge = next(iter(rows.values_list("pk", flat=True)[scan - 1 : scan]), None)
    if edge is not None:
        rows = rows.filter(pk__gte=edge)
    return rows.filter(_rest(wanted)).select_related("user")[:most]


def line(entry: Entry) -> Line:
    """``entry`` for the page."""
    return Line(
        entry=entry,
        label=label(entry.event),
        whose=entry.user.username if entry.user else "system",
        address=entry.origin.get("address", ""),
        platform=entry.origin.get("platform", ""),
        facts=[(name, shown(value)) for name, value in entry.detail.items()],
    )


def label(event: str) -> str:
    """What happened; an event that this version does not know by its stored name."""
    return str(Event(event).label) if event in Event else event


def shown(value: object) -> str:
    """A stored value as text."""
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value)
    return str(value)


def seen_by_staff(user_id: int) -> QuerySet[Entry]:
    """Who of staff looked at a client, or took along what is known of them; oldest first."""
    rows = Entry.objects.filter(user__isnull=True, event__startswith="staff.")
    client = KT("detail__client")
    return rows.annotate(client=client).filter(client=str(user_id)).order_by("pk")
