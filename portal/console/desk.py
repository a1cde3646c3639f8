"""Messages and calls before staff: found by number, status, channel and country, paged by key.

No page reads more than ``SCAN`` rows, however rare what is looked for: it says how far it came, and
goes on from there. Nothing is counted over the table.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.outbox import paging
from accounts.outbox.models import Channel, Message, Status
from portal.console import desk_words
from portal.console.desk_words import Line

SIZE = 50
SCAN = 2_000
LED = [Status.UNDELIVERED, Status.FAILED]  # rare, and found by an index of their own


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; "" where it does not matter. ``number`` is E.164."""

    number: str = ""
    status: str = ""
    channel: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """``older`` is where to go on, "" at the end; ``reached`` how far back this page looked, where
    it found less than fits on it."""

    lines: list[Line]
    older: str
    reached: datetime | None


def page(wanted: Wanted, *, before: str = "") -> Page:
    """The newest that fit, older than the key ``before``. Two queries at most."""
    rows = Message.objects.exclude(channel=Channel.HOOK).defer("body")
    rows = rows.order_by("-created_at", "-pk").filter(paging.older(before))
    if wanted.status in LED:
        rows = rows.filter(status=wanted.status, status__in=LED)
    # Where all of it is wanted, or an index finds it, there is nothing to look through.
    is_found = wanted.number or wanted in (Wanted(), *(Wanted(status=one) for one in LED))
    edge = None if is_found else _edge(rows)
    if edge:
        rows = rows.filter(created_at__gte=edge.created_at)
    found = list(rows.filter(_matches(wanted))[: SIZE + 1])
    lines = [desk_words.line(row) for row in found[:SIZE]]
    if len(found) > SIZE:
        return Page(lines, paging.key_of(found[SIZE - 1]), None)
    if edge:
        return Page(lines, paging.key_of(edge), edge.created_at)
    return Page(lines, "", None)


def _edge(rows: QuerySet[Message]) -> Message | None:
    """The last row that this page may look at, if there is one so far back."""
    return next(iter(rows[SCAN - 1 : SCAN]), None)


def _matches(wanted: Wanted) -> Q:
    matches = Q()
    if wanted.number:
        by_telephone = Q(is_code=False, channel__in=[Channel.SMS, Channel.VOICE])
        matches &= Q(to=wanted.number) & (Q(is_code=True) | by_telephone)
    for name in ("status", "channel", "country"):
        if value := getattr(wanted, name):
            matches &= Q(**{name: value})
    return matches
