"""Conversations read: by reference, of a client, of a member of staff."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts import references
from accounts.callers import rules
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.prepared import prepared
from accounts.users.models import User

PAGE = 20


def good(now: datetime) -> QuerySet[Talk]:
    """Conversations whose reference is good at ``now``: whoever left us has none."""
    return Talk.objects.filter(
        expires_at__gt=now, ended_at=None, staff__is_active=True, staff__is_staff=True
    )


@prepared
def _of_reference(reference: str, now: datetime) -> QuerySet[Talk]:
    return Talk.objects.filter(
        reference=reference,
        expires_at__gt=now,
        ended_at__isnull=True,
        staff__is_active=True,
        staff__is_staff=True,
    )


def by_reference(typed: str, *, viewer: User | None) -> Talk | None:
    """The conversation of a reference however it is written, if it is good now: for anybody, or,
    where somebody is signed in, if it is theirs. One query, whatever was typed."""
    reference = references.read(typed) or rules.NO_REFERENCE
    found = _of_reference.first(reference=reference, now=timezone.now())
    if found is not None and viewer is not None and found.user_id != viewer.pk:
        return None
    return found


def of_client(user: User) -> list[Talk]:
    """Who of us is talking to ``user`` now, the newest first. No query while nobody is."""
    now = timezone.now()
    if user.called_until is None or user.called_until <= now:
        return []
    return list(good(now).filter(user=user).order_by("-opened_at"))


def is_proven(*, user_id: int, staff: User) -> bool:
    """Whether the client has proven who they are to this member of staff, in a conversation that
    still goes on. One query."""
    proven = good(timezone.now()).filter(user=user_id, staff=staff, proof=Proof.PASSED)
    return proven.exists()


def of_staff(staff: User, *, reference: str | None = None) -> QuerySet[Talk]:
    """The conversations of a member of staff, the newest first."""
    mine = Talk.objects.filter(staff=staff).select_related("user", "challenge")
    if reference is not None:
        mine = mine.filter(reference=references.read(reference) or rules.NO_REFERENCE)
    return mine.order_by("-opened_at")
