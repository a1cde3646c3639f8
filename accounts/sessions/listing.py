"""The sessions and the known browsers of a user, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import agents, places
from accounts.sessions import rules
from accounts.sessions.models import KnownDevice, Session

PAGE = 10
REFERENCE = 12  # the start of a session's key: what the audit tells of it, and no key to it


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in words. ``place`` is approximate; ``address`` is told when it is asked for."""

    reference: str
    platform: str
    agent: str
    place: str
    address: str
    opened_at: datetime
    seen_at: datetime
    is_current: bool
    is_public: bool
    is_locked: bool
    is_handheld: bool

    @property
    def platform_label(self) -> str:
        """The platform in words."""
        return str(agents.PROGRAMS.get(self.platform, self.platform))


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """A browser that the user has signed in with."""

    pk: int
    agent: str
    first_at: datetime
    last_at: datetime
    is_current: bool
    is_handheld: bool


@dataclass(frozen=True, slots=True)
class Listed[T]:
    """``after`` is the key of the next page, "" for none."""

    rows: Sequence[T]
    after: str = ""


def sessions(*, user_id: int, current: str, after: str = "") -> Listed[SessionRow]:
    """The open sessions, newest first. One query."""
    now = timezone.now()
    mine = Session.objects.filter(_not_idle(now), user=user_id, ended_at=None, expires_at__gt=now)
    # Behind every key that begins so.
    found = _page(mine, "opened_at", after, lambda row: row.key[:REFERENCE], lambda key: f"{key}~")
    live = [
        row
        for row in found.rows
        if not rules.ended(
            now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
        )
    ]
    return Listed([_session(row, current) for row in live], found.after)


def _not_idle(now: datetime) -> Q:
    """Leaves idle sessions of the usual limits out of the page; the rest is judged one by one."""
    minutes = {settings.IDLE_MINUTES, settings.STAFF_IDLE_MINUTES, settings.PUBLIC_IDLE_MINUTES}
    spans = [timedelta(minutes=span) for span in minutes]
    judged = (Q(idle_seconds=span.total_seconds(), seen_at__gt=now - span) for span in spans)
    return reduce(or_, judged, ~Q(idle_seconds__in=[span.total_seconds() for span in spans]))


def _session(row: Session, current: str) -> SessionRow:
    return SessionRow(
        reference=row.key[:REFERENCE],
        platform=row.platform,
        agent=agents.device_in_words(row.agent),
        place=places.in_words(row.address),
        address=row.address,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        is_current=row.key == current,
        is_public=row.public_computer,
        is_locked=row.locked_at is not None,
        is_handheld=agents.is_handheld(row.agent),
    )


def known(*, user_id: int, current: str, after: str = "") -> Listed[BrowserRow]:
    """The known browsers, the one last used first; ``current`` is a series (its digest). One
    query."""
    opened = Session.objects.filter(user=OuterRef("user"), browser=OuterRef("digest"))
    last = opened.order_by().values("browser").annotate(last=Max("opened_at")).values("last")
    mine = KnownDevice.objects.filter(user=user_id).annotate(
        used_at=Coalesce(Subquery(last), "last_at")
    )
    found = _page(mine, "used_at", after, lambda row: str(row.pk), _number)
    return Listed([_browser(row, current) for row in found.rows], found.after)


def _browser(row: KnownDevice, current: str) -> BrowserRow:
    return BrowserRow(
        pk=row.pk,
        agent=agents.in_words(row.agent),
        first_at=row.first_at,
        last_at=row.used_at,
        is_current=row.digest == current,
        is_handheld=agents.is_handheld(row.agent),
    )


def _page(
    rows: QuerySet, field: str, after: str, key: Callable[[Any], str], bound: Callable[[str], Any]
) -> Listed[Any]:
    """Rows behind ``after``, which is a moment and a key: no row comes twice or is left out when
    others come and go meanwhile. What is no such key begins at the start."""
    try:
        at, _, last = after.partition("~")
        moment, beyond = datetime.fromisoformat(at).astimezone(UTC), bound(last)
    except (ValueError, OverflowError):
        pass
    else:
        rows = rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__gt": beyond}))
    found = list(rows.order_by(f"-{field}", "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return Listed(found)
    final = found[PAGE - 1]
    return Listed(found[:PAGE], f"{getattr(final, field).isoformat()}~{key(final)}")


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError("no key")
    return number
