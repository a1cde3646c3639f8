"""The evidence of one client in one file: their record, who of staff saw them, what staff did, what
two persons decided, what was sent, and whether the chain is whole. Each part has its SHA-256 in the
manifest. Nothing in it is a secret: entries hold none, numbers are masked, words are left out.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from django.db import transaction
from django.utils import timezone

from accounts.approvals.models import Request
from accounts.audit import checkpoints
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from portal import sheets
from portal.console import desk_words, trail_export
from portal.console.doors import actor_of
from portal.console.trail_reading import STAFF, seen_by_staff

CHUNK = 1000
PIECE = 64 * 1024
IN_MEMORY = 8 * 1024 * 1024  # bytes; larger files lie on the disk until they are sent


@dataclass(frozen=True, slots=True)
class Evidence:
    """``file`` is the zip, at its beginning; ``sha256`` that of the whole."""

    file: IO[bytes]
    name: str
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """The file, piece by piece; it is gone afterwards."""
        with self.file:
            while chunk := self.file.read(PIECE):
                yield chunk


def export(*, user: User, staff: User, origin: Origin, reason: str, ticket: str) -> Evidence:
    """Packs it, and writes an entry of the system's chain with its digest. The client is not told
    by an alert."""
    now = timezone.now()
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed once it is sent)
    _pack(file, user, now)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    with transaction.atomic():
        audit.record(
            Event.EVIDENCE_EXPORTED,
            user=None,
            origin=origin,
            actor=actor_of(staff),
            detail={
                "client": user.pk,
                "username": user.username,
                "sha256": digest,
                "reason": reason,
                "ticket": ticket,
            },
        )
    return Evidence(file, f"evidence-{user.username}-{now:%Y-%m-%d}.zip", digest)


def _pack(file: IO[bytes], user: User, now: datetime) -> None:
    digests = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, made in PARTS.items():
            digests[name] = _write(packed, name, made(user))
        manifest = json.dumps(
            {
                "client": user.username,
                "at": now.astimezone(UTC).isoformat(),
                "chain": str(user.pk),
                "first_broken_entry": audit.verify(user),
                "first_broken_checkpoint": checkpoints.broken(user),
                "sha256": digests,
            },
            indent=1,
        )
        _write(packed, "manifest.json", [manifest, "\n"])


def _write(packed: zipfile.ZipFile, name: str, texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    with packed.open(name, "w") as part:
        for text in texts:
            data = text.encode()
            digest.update(data)
            part.write(data)
    return digest.hexdigest()


def _record(user: User) -> Iterator[str]:
    rows = Entry.objects.filter(user=user).order_by("number").select_related("user")
    return trail_export.as_lines(rows.iterator(chunk_size=CHUNK))


def _seen(user: User) -> Iterator[str]:
    def rows() -> Iterator[list[str]]:
        yield ["time_utc", "staff", "what", "part", "address", "request", "digest"]
        for one in seen_by_staff(user.pk).iterator(chunk_size=CHUNK):
            origin, part = one.origin, one.detail.get("part", "")
            yield [
                *(_utc(one.at), one.actor.removeprefix(STAFF), one.event, part),
                *(origin.get("address", ""), origin.get("request", ""), one.digest),
            ]

    return sheets.lines(rows())


def _acts(user: User) -> Iterator[str]:
    def rows() -> Iterator[list[str]]:
        yield ["time_utc", "staff", "what", "details", "number", "digest"]
        found = Entry.objects.filter(user=user, actor__startswith=STAFF).order_by("number")
        for one in found.iterator(chunk_size=CHUNK):
            details = json.dumps(one.detail, ensure_ascii=False)
            who = one.actor.removeprefix(STAFF)
            yield [_utc(one.at), who, one.event, details, str(one.number), one.digest]

    return sheets.lines(rows())


def _decisions(user: User) -> Iterator[str]:
    def rows() -> Iterator[list[str]]:
        yield ["asked_utc", "act", "asked_by", "reason", "ticket", "state", "decided_by", "why"]
        found = Request.objects.filter(user=user).select_related("asked_by", "decided_by")
        for one in found.order_by("pk").iterator(chunk_size=CHUNK):
            decided = one.decided_by.username if one.decided_by else ""
            yield [
                *(_utc(one.asked_at), one.act, one.asked_by.username, one.reason, one.ticket),
                *(one.state, decided, one.why),
            ]

    return sheets.lines(rows())


def _messages(user: User) -> Iterator[str]:
    def rows() -> Iterator[list[str]]:
        yield ["time_utc", "channel", "message", "to", "status", "cause", "error", "provider_id"]
        found = Message.objects.filter(user=user).defer("body").order_by("created_at")
        for one in found.iterator(chunk_size=CHUNK):
            line = desk_words.line(one)
            yield [
                *(_utc(one.created_at), one.channel, one.name, line.to, one.status, line.cause),
                *(str(one.error_code or ""), one.provider_id),
            ]

    return sheets.lines(rows())


def _cases(user: User) -> Iterator[str]:
    def rows() -> Iterator[list[str]]:
        yield ["opened_utc", "reference", "kind", "status", "closed_utc", "reason"]
        for one in Case.objects.filter(user=user).order_by("pk").iterator(chunk_size=CHUNK):
            closed = _utc(one.closed_at) if one.closed_at else ""
            yield [_utc(one.opened_at), one.shown, one.kind, one.status, closed, one.reason]

    return sheets.lines(rows())


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


PARTS: dict[str, Callable[[User], Iterable[str]]] = {
    "record.jsonl": _record,
    "seen.csv": _seen,
    "acts.csv": _acts,
    "decisions.csv": _decisions,
    "messages.csv": _messages,
    "cases.csv": _cases,
}
