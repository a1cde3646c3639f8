"""Requests read: those that wait, and what became of the others. Paged by key."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.approvals.models import Request, State
from accounts.users.models import User

PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` is the key that the next page begins behind, "" on the last."""

    rows: list[Request]
    more: str


def waiting(*, powers: Collection[str], staff: User) -> list[Request]:
    """What is open and ``staff`` may decide about or has asked for, the oldest first; at most a
    page. One query."""
    mine = Q(power__in=powers) | Q(asked_by=staff)
    return list(_full(_open().filter(mine)).order_by("pk")[:PAGE])


def count(*, powers: Collection[str], staff: User) -> int:
    """How many others wait for ``staff``; 100 stands for more. One query."""
    theirs = _open().filter(power__in=powers).exclude(asked_by=staff).exclude(user=staff)
    return len(theirs.values_list("pk", flat=True)[:100])


def about(user: User) -> list[Request]:
    """What is open about a client. One query."""
    return list(_full(_open().filter(user=user)).order_by("pk")[:PAGE])


def decided(*, before: str) -> Page:
    """Every request, the newest first: the report of four eyes. One query."""
    rows = _full(Request.objects.order_by("-pk"))
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return Page(found[:PAGE], more)


def _open() -> QuerySet[Request]:
    return Request.objects.filter(state=State.OPEN, expires_at__gt=timezone.now())


def _full(rows: QuerySet[Request]) -> QuerySet[Request]:
    return rows.select_related("user", "asked_by", "decided_by")
