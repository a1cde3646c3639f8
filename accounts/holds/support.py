"""Holds that staff place and lift for somebody, with a reason."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.holds import services
from accounts.holds.models import Hold, What, Why
from accounts.origin import Origin
from accounts.users.models import User


def place(*, user: User, what: What, hours: int, reason: str, actor: str, origin: Origin) -> Hold:
    """Stops ``what`` for ``hours``, or lets what support hold already last that long from now on.
    The caller holds the user's lock."""
    detail = {"what": what.value, "hours": hours, "reason": reason}
    entry = audit.record(Event.HOLD_PLACED, user=user, origin=origin, actor=actor, detail=detail)
    mine = placed(user.pk).filter(what=what).first()
    row = mine or Hold(user=user, what=what, why=Why.SUPPORT, since=entry.at)
    until = entry.at + timedelta(hours=hours)
    row.until, row.entry = max(until, row.until or until), entry
    row.save()
    return row


def lift(*, user: User, pk: int, reason: str, actor: str, origin: Origin) -> bool:
    """Ends a hold that staff placed; False when it has ended. What a change placed stays. The
    caller holds the user's lock."""
    row = placed(user.pk).filter(pk=pk).first()
    if row is None:
        return False
    row.lifted_at = timezone.now()
    row.save(update_fields=["lifted_at"])
    detail = {"what": row.what, "reason": reason}
    audit.record(Event.HOLD_LIFTED, user=user, origin=origin, actor=actor, detail=detail)
    return True


def placed(user_id: int) -> QuerySet[Hold]:
    """The holds of staff that run now."""
    return services.live(timezone.now()).filter(user_id=user_id, why=Why.SUPPORT).order_by("pk")
