"""What the pages of IP restrictions show: read from the tables, nothing changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.ip_restrictions import door, people, rules, services, wording
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rehearsal import Rehearsal, rehearse
from accounts.ip_restrictions.rules import State
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice
from accounts.users.models import User

SHOWN = 200  # entries of each kind on the page


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and how it stands. ``at`` is when that ends by itself, ``may`` what can be done."""

    row: Restriction
    tone: str
    at: datetime | None
    may: str  # "remove", "keep", "drop" or ""


def listing(user: User, *, by: User, origin: Origin, opened_at: datetime) -> dict[str, Any]:
    """The list of ``user`` as ``by`` sees it. Three queries, and one for whoever is looked after.

    ``pending`` and ``lines`` are the entries, ``trial_until`` the end of a trial or None,
    ``proves`` whether this session may confirm it, ``add_mine`` the reader's own address where it
    is worth adding.
    """
    now = timezone.now()
    kept = Restriction.objects.filter(user=user).exclude(state=State.REMOVED)
    rows = list(kept.select_related("browser").order_by("platform", "first", "pk")[: 2 * SHOWN])
    for row in rows:
        _turn(row, now)
    rows = [row for row in rows if row.state != State.REMOVED]
    trials = [row for row in rows if row.state in rules.ON_TRIAL]
    lines = [_line(row) for row in rows]
    own = by.pk == user.pk
    listed = {row.network for row in rows}
    return {
        "person": user,
        "own": own,
        "address": origin.address,
        "add_mine": origin.address if own and origin.address not in listed else "",
        "pending": [line for line in lines if line.row.state == State.PENDING],
        "lines": [line for line in lines if line.row.state != State.PENDING],
        "trial_until": max((row.turns_at for row in trials), default=None),
        "proves": bool(trials) and all(opened_at > row.applied_at for row in trials),
        "browsers": _browsers(user, rows, here=origin.device),
        "door": door.standing(user),
        "people": [one for one in people.looked_after(by) if one.pk != user.pk],
        **words(user),
    }


def words(user: User) -> dict[str, Any]:
    """What every page of a list names."""
    return {
        "person": user,
        "list_url": reverse("ip_list", args=[user.pk]),
        "delay": wording.delay(),
        "trial_minutes": settings.RESTRICTION_TRIAL_MINUTES,
        "door_minutes": settings.DOOR_MINUTES,
        "days": settings.REHEARSAL_DAYS,
    }


def _turn(row: Restriction, now: datetime) -> None:
    """Shows an entry as it is, also where the clock has decided and nobody wrote it down yet."""
    if row.turns_at is not None and now >= row.turns_at:
        row.state = {
            State.PROVISIONAL: State.PENDING,
            State.LEAVING: State.ACTIVE,
            State.ACTIVE: State.REMOVED,
        }[State(row.state)]
        row.turns_at = None


def _line(row: Restriction) -> Line:
    tone, may = {
        State.PENDING: ("", "drop"),
        State.PROVISIONAL: ("notice", ""),
        State.LEAVING: ("notice", ""),
        State.ACTIVE: ("warning", "keep") if row.turns_at else ("good", "remove"),
    }[State(row.state)]
    return Line(row, tone, row.turns_at, may)


def _browsers(user: User, rows: list[Restriction], *, here: str) -> list[KnownDevice]:
    """Browsers that may be added, the newest first; ``is_here`` tells the one that asks."""
    taken = [row.browser_id for row in rows if row.browser_id]
    known = KnownDevice.objects.filter(user=user).exclude(pk__in=taken).order_by("-last_at")[:20]
    found = list(known)
    for one in found:
        one.is_here = one.digest == here
    return found


def trying(user: User, *, by: User, origin: Origin) -> dict[str, Any]:
    """What putting the drafted entries in force would do."""
    return {
        **words(user),
        "own": by.pk == user.pk,
        "address": origin.address,
        "rehearsal": rehearse(user),
        "drafted": Restriction.objects.filter(user=user, state=State.PENDING).count(),
        "shuts_out": services.drafted_shuts_out(user, by=by, origin=origin),
    }


def removing(user: User, row: Restriction, *, by: User, origin: Origin) -> dict[str, Any]:
    """What removing an entry would do: ``opens`` the list after the delay, or narrows it."""
    opens = services.removal_opens(user, row, timezone.now())
    rehearsal: Rehearsal | None = None if opens else rehearse(user, without=row)
    shuts_out = not opens and services.removal_shuts_out(user, row, by=by, origin=origin)
    return {
        **words(user),
        "row": row,
        "own": by.pk == user.pk,
        "address": origin.address,
        "opens": opens,
        "rehearsal": rehearsal,
        "shuts_out": shuts_out,
    }
