"""How many sessions of the portal one user may have: the oldest makes room for a new one."""

from datetime import datetime

from django.conf import settings
from django.db.models import (
    BooleanField,
    Count,
    Expression,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
)
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions import rules
from accounts.sessions.listing import REFERENCE
from accounts.sessions.models import End, Session
from accounts.users.models import User

PLATFORM = "web"


def facts(now: datetime) -> dict[str, Expression]:
    """Annotations in a query that locks a user: ``sessions_open``, those that nobody has ended, be
    they idle; None for none. And ``is_counted``, whether that is so still.

    A statement that waited for a lock sees the row itself as it is then, but everything beside it
    as it was before. Whoever held the lock and opened a session has written to the chain, so the
    two numbers of the chain tell whether the count can be believed.
    """
    mine = Session.objects.filter(
        user=OuterRef("pk"), platform=PLATFORM, ended_at=None, expires_at__gt=now
    )
    counted = mine.order_by().values("user").annotate(n=Count("pk")).values("n")
    itself = User.objects.filter(pk=OuterRef("pk")).values("audit_number")
    is_counted = ExpressionWrapper(Q(audit_number=Subquery(itself[:1])), BooleanField())
    return {"sessions_open": Subquery(counted), "is_counted": is_counted}


def make_room(*, user: User, origin: Origin) -> None:
    """Ends the oldest sessions of the user until one more is not too many.

    ``user`` has the annotations of ``facts``; while they tell of few, nothing is asked. The session
    that is left for the new one does not count. The caller holds the user's lock.
    """
    most = settings.STAFF_SESSIONS_AT_ONCE if user.is_staff else settings.SESSIONS_AT_ONCE
    is_few = user.is_counted and (user.sessions_open or 0) < most
    if origin.platform != PLATFORM or is_few:
        return
    now = timezone.now()
    rows = Session.objects.filter(user=user, platform=PLATFORM, ended_at=None, expires_at__gt=now)
    live = [
        row
        for row in rows.exclude(pk=origin.session).order_by("opened_at", "pk")
        if not rules.ended(
            now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
        )
    ]
    oldest = live[: rules.too_many(len(live), at_once=most)]
    if oldest:
        keys = [row.pk for row in oldest]
        Session.objects.filter(pk__in=keys).update(ended_at=now, ended_why=End.AT_ONCE)
        detail = {"why": End.AT_ONCE.value, "sessions": len(oldest)}
        note = {"handles": [key[:REFERENCE] for key in keys]}
        audit.record(Event.SESSION_ENDED, user=user, origin=origin, detail=detail, note=note)
