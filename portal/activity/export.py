"""The record to take along: CSV for a table, JSON for a check."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from portal import sheets
from portal.activity import reading, words
from portal.activity.reading import Show

CHUNK = 500


def record(*, user_id: int, show: Show, form: str, origin: Origin) -> None:
    """Notes in the record that it was taken along."""
    with transaction.atomic():
        user = audit.lock(user_id)
        detail = {"show": show.value, "format": form}
        audit.record(Event.RECORD_EXPORTED, user=user, origin=origin, detail=detail)


def as_csv(user_id: int, show: Show) -> Iterator[str]:
    """Lines of CSV, newest first (``sheets``)."""
    return sheets.lines(_rows(user_id, show))


def _rows(user_id: int, show: Show) -> Iterator[list[str]]:
    yield [
        *(_("Number"), _("Time (UTC)"), _("What"), _("Cause"), _("Details"), _("By")),
        *(_("Device"), _("Place (approximate)"), _("Internet address"), _("Reference")),
    ]
    for entry in _walk(reading.entries(user_id, show=show)):
        line = words.line(entry)
        yield [
            *(str(line.number), line.at.astimezone(UTC).isoformat(timespec="seconds")),
            *(line.label, line.cause, ", ".join(line.more), line.by or _("You")),
            *(line.device, line.place, line.address, line.reference),
        ]


def as_json(user_id: int, *, head: tuple[int, str], at: datetime) -> Iterator[str]:
    """The whole chain, oldest first, each entry with what its digest is made of."""
    opening = {"chain": str(user_id), "number": head[0], "digest": head[1], "at": at.isoformat()}
    yield json.dumps(opening)[:-1] + ', "entries": ['
    # What is written meanwhile belongs to the next export.
    entries = Entry.objects.filter(user=user_id, number__lte=head[0]).order_by("number")
    between = "\n"
    for entry in entries.iterator(chunk_size=CHUNK):
        content = json.loads(entry.content())
        yield between + json.dumps({"digest": entry.digest, "content": content})
        between = ",\n"
    yield "\n]}\n"


def _walk(entries: QuerySet[Entry]) -> Iterator[Entry]:
    return entries.iterator(chunk_size=CHUNK)
