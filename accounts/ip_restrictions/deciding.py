"""The one decision about where an account may be used from."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.ip_restrictions import rules
from accounts.ip_restrictions.models import COLUMNS, Restriction, entry
from accounts.ip_restrictions.rules import AllowList, Decision, Entry
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User

KEPT = 256  # lists a process holds ready
_kept: dict[int, tuple[str, AllowList]] = {}


def decide(*, user: User, origin: Origin) -> Decision:
    """Whether ``user`` may be where ``origin`` says. Whatever it raises refuses the request.

    No query for a user without restrictions, and for one whose list of addresses is held ready;
    else one.
    """
    if not user.restrictions:
        return Decision.LET_IN
    now = timezone.now()
    return rules.decide(
        _allowed(user, now),
        address=origin.address,
        platform=origin.platform,
        browser=origin.device,
        door=open_door(user, now),
    )


def open_door(user: User, now: datetime) -> str:
    """The address that the emergency door lets in at ``now``, or ""."""
    is_open = user.door_until is not None and now < user.door_until
    return user.door_address if is_open else ""


def _allowed(user: User, now: datetime) -> AllowList:
    """The list in force. ``user.restrictions`` is another after every change."""
    stamp, kept = _kept.get(user.pk, ("", None))
    if kept is not None and stamp == user.restrictions and kept.holds_at(now):
        return kept
    made = rules.compiled(entries(user.pk), now)
    # A browser may be forgotten while the list stays as it is.
    if not made.browsers:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[user.pk] = (user.restrictions, made)
    return made


def entries(user_id: int) -> list[Entry]:
    """What decides for the user, or will. One query."""
    return [entry(row) for row in _listed(user_id=user_id)]


@prepared
def _listed(user_id: int) -> QuerySet[tuple]:
    return Restriction.objects.listed().filter(user_id=user_id).values_list(*COLUMNS)
