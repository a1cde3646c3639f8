"""The trail to take along: CSV for a table, lines of JSON for a check. Streamed, and bounded."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from django.utils.translation import gettext as _

from accounts.audit.models import Entry
from portal import sheets
from portal.console import trail_reading as reading
from portal.console.trail_reading import Wanted

MOST = 50_000
SCAN = 200_000
CHUNK = 500


def entries(wanted: Wanted) -> Iterator[Entry]:
    """What is taken along, newest first."""
    return reading.walk(wanted, most=MOST, scan=SCAN).iterator(chunk_size=CHUNK)


def as_csv(found: Iterable[Entry]) -> Iterator[str]:
    """Lines of CSV (``sheets``)."""
    return sheets.lines(_rows(found))


def _rows(found: Iterable[Entry]) -> Iterator[list[str]]:
    yield [
        *(_("Chain"), _("User name"), _("Number"), _("Time (UTC)"), _("What"), _("Event")),
        *(_("By"), _("Internet address"), _("Platform"), _("Session"), _("Request ID")),
        *(_("Details"), _("Digest")),
    ]
    for one in found:
        origin = one.origin
        yield [
            *(one.chain, one.user.username if one.user else "", str(one.number)),
            *(one.at.astimezone(UTC).isoformat(), reading.label(one.event), one.event, one.actor),
            *(origin.get(name, "") for name in ("address", "platform", "session", "request")),
            *(json.dumps(one.detail, ensure_ascii=False), one.digest),
        ]


def as_lines(found: Iterable[Entry]) -> Iterator[str]:
    """One JSON object a line, each with what its digest is made of; the last says how many there
    are, and the SHA-256 of all lines before it."""
    digest, count = hashlib.sha256(), 0
    for one in found:
        text = json.dumps(
            {
                "username": one.user.username if one.user else "",
                "digest": one.digest,
                "content": json.loads(one.content()),
            }
        )
        digest.update(f"{text}\n".encode())
        count += 1
        yield f"{text}\n"
    yield json.dumps({"lines": count, "sha256": digest.hexdigest()}) + "\n"
