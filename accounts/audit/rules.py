"""The arithmetic of the chain. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
CHECKPOINT_EVERY = 1000


def canonical(
    *, chain: str, number: int, at: datetime, event: str, actor: str, origin: dict, detail: dict
) -> bytes:
    """The bytes that are hashed: JSON, sorted keys, UTC time with microseconds."""
    return json.dumps(
        {
            "chain": chain,
            "number": number,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": event,
            "actor": actor,
            "origin": origin,
            "detail": detail,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    ).encode()


def link(previous: str, entry: bytes) -> str:
    """The digest (hex) of an entry that follows ``previous`` (hex)."""
    return hashlib.sha256(bytes.fromhex(previous) + entry).hexdigest()


def point(*, chain: str, number: int, digest: str, at: datetime) -> bytes:
    """The bytes of a checkpoint that are signed; the prefix keeps them apart from all else that a
    key might sign."""
    time = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"audit checkpoint\n{chain}\n{number}\n{digest}\n{time}".encode()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry as the check needs it."""

    number: int
    digest: str
    content: bytes


def first_broken(links: Iterable[Link], *, head_number: int, head: str) -> int | None:
    """The number of the first entry that does not follow from those before it, or None.

    ``links`` come in order of their numbers. A missing entry breaks at the number that is not
    there; entries cut from the end break at the first number the head still knows.
    """
    expected, previous = 1, GENESIS
    for stored in links:
        if stored.number != expected or link(previous, stored.content) != stored.digest:
            return expected
        expected, previous = expected + 1, stored.digest
    if expected - 1 != head_number or previous != head:
        return min(expected, head_number + 1)
    return None
