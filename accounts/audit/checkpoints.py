"""Signed checkpoints: what a chain was at a time, so that nobody can rewrite it later.

A chain proves its own order and content, but not that its newest entries are still there, nor that
it was not computed anew. A checkpoint is an Ed25519 signature (RFC 8032) over chain, number, digest
and time, by a key outside the database (``vault.signing_key``). One is made at each
``CHECKPOINT_EVERY`` entries and once a day for every chain that has grown; ``export_checkpoints``
writes them out, to be kept off the house.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import current_app
from cryptography.exceptions import InvalidSignature
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import vault
from accounts.audit import rules
from accounts.audit.models import Checkpoint, Entry, SystemChain

BATCH = 500
TASK = "accounts.audit.tasks.checkpoint"
DAY = timedelta(hours=23)  # a little less, so that a daily task never finds it too early


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint as it is kept anywhere: ``chain`` is the id of a user or "system"."""

    chain: str
    number: int
    digest: str
    at: datetime
    key: str
    signature: str  # hex

    def content(self) -> bytes:
        """What is signed."""
        return rules.point(chain=self.chain, number=self.number, digest=self.digest, at=self.at)

    def is_genuine(self) -> bool:
        """Whether one of our keys signed it."""
        public = vault.checking_keys().get(self.key)
        if public is None:
            return False
        try:
            public.verify(bytes.fromhex(self.signature), self.content())
        except (InvalidSignature, ValueError):
            return False
        return True


def place(user_id: int | None, *, number: int | None = None) -> Checkpoint | None:
    """Signs the head of a chain, or its entry ``number``. None when there is no such entry, or
    when it is signed already."""
    wanted = Entry.objects.filter(user=user_id)
    entry = (wanted.filter(number=number) if number else wanted.order_by("-number")).first()
    if entry is None:
        return None
    now, (key, sign) = timezone.now(), vault.signing_key()
    content = rules.point(chain=entry.chain, number=entry.number, digest=entry.digest, at=now)
    made, is_new = Checkpoint.objects.get_or_create(
        user_id=user_id,
        number=entry.number,
        defaults={"digest": entry.digest, "at": now, "key": key, "signature": sign(content).hex()},
    )
    return made if is_new else None


def daily() -> int:
    """Signs every chain that has grown since its last checkpoint, if that is a day old.

    Returns how many. Reads the users in the order of their keys, a batch at a time.
    """
    count, after = 0, 0
    while grown := list(_grown(after)[:BATCH]):
        count += sum(place(user_id) is not None for user_id in grown)
        after = grown[-1]
    if SystemChain.objects.exists() and _is_due(Checkpoint.objects.filter(user=None)):
        count += place(None) is not None
    return count


def _grown(after: int) -> QuerySet[int]:
    last = Checkpoint.objects.filter(user=OuterRef("pk")).order_by("-number")
    users = get_user_model().objects.filter(pk__gt=after).order_by("pk")
    return (
        users.annotate(last=Coalesce(Subquery(last.values("number")[:1]), 0))
        .annotate(last_at=Subquery(last.values("at")[:1]))
        .filter(Q(last_at=None) | Q(last_at__lt=timezone.now() - DAY), audit_number__gt=F("last"))
        .values_list("pk", flat=True)
    )


def _is_due(points: QuerySet[Checkpoint]) -> bool:
    last = points.order_by("-number").first()
    return last is None or last.at < timezone.now() - DAY


def latest(user_id: int) -> Checkpoint | None:
    """The newest checkpoint of a user's chain. One query."""
    return Checkpoint.objects.filter(user=user_id).order_by("-number").first()


def broken(user: Any | None, points: Iterable[Point] | None = None) -> int | None:
    """The number of the first checkpoint that a chain does not keep, or None.

    A checkpoint is not kept when its signature is nobody's, when its entry is gone, or when that
    entry has another digest. ``points`` are those that were kept off the house; without them the
    stored ones are asked. The chain itself is judged by ``services.verify``.
    """
    chain = str(user.pk) if user is not None else "system"
    mine = stored(user) if points is None else (one for one in points if one.chain == chain)
    for batch in _batches(sorted(mine, key=lambda one: one.number)):
        entries = Entry.objects.filter(user=user, number__in=[one.number for one in batch])
        digests = dict(entries.values_list("number", "digest"))
        for one in batch:
            if digests.get(one.number) != one.digest or not one.is_genuine():
                return one.number
    return None


def _batches(points: list[Point]) -> Iterator[list[Point]]:
    for start in range(0, len(points), BATCH):
        yield points[start : start + BATCH]


def stored(user: Any | None) -> list[Point]:
    """The checkpoints of one chain."""
    return [_point(row) for row in Checkpoint.objects.filter(user=user)]


def _point(row: Checkpoint) -> Point:
    chain = str(row.user_id) if row.user_id else "system"
    return Point(chain, row.number, row.digest, row.at, row.key, row.signature)


def lines() -> Iterator[str]:
    """Every checkpoint as a line of JSON, oldest first."""
    for row in Checkpoint.objects.order_by("pk").iterator(chunk_size=2000):
        one = _point(row)
        yield json.dumps(
            {
                "chain": one.chain,
                "number": one.number,
                "digest": one.digest,
                "at": one.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "key": one.key,
                "signature": one.signature,
            }
        )


def read(text: Iterable[str]) -> list[Point]:
    """Checkpoints out of ``lines``. Raises ``ValueError`` naming the line that is none."""
    points = []
    for place_, line in enumerate(text, 1):
        try:
            kept = json.loads(line)
            at = datetime.fromisoformat(kept.pop("at"))
            points.append(Point(at=at, **kept))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValueError(f"line {place_} is no checkpoint") from None
    return points


def every(number: int) -> bool:
    """Whether the entry of this number gets a checkpoint as soon as it is there."""
    return number % rules.CHECKPOINT_EVERY == 0


def ask(user_id: int | None, number: int) -> None:
    """Has a worker sign entry ``number`` after the commit; the daily round makes up for a broker
    that is away."""
    arguments = [user_id, number]
    transaction.on_commit(lambda: current_app.send_task(TASK, args=arguments), robust=True)
