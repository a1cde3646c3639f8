"""A new password because of its age, which is only suggested, or because somebody else may know it,
which is demanded."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.passwords import rules
from accounts.users.models import User


def demand_change(*, user: User, why: str, origin: Origin, actor: str = "self") -> bool:
    """From now on every session of ``user`` leads only to the page that changes the password.

    For evidence that somebody else knows it, never for age. ``why`` is kept in the audit. What was
    proven before is proven no more. Returns False when it was demanded already.
    """
    with transaction.atomic():
        return of(audit.lock(user.pk), why=why, origin=origin, actor=actor)


def of(row: User, *, why: str, origin: Origin, actor: str = "self") -> bool:
    """``demand_change`` for a caller who holds the user's lock: ``row`` is from ``audit.lock``."""
    if row.password_demanded_at is not None:
        return False
    row.password_demanded_at = timezone.now()
    row.save(update_fields=["password_demanded_at"])
    audit.record(Event.PASSWORD_DEMANDED, user=row, origin=origin, actor=actor, detail={"why": why})
    return True


def is_met(*, user_id: int) -> None:
    """Nothing is demanded any more of a user who has just chosen a new password on another way.
    The caller holds the user's lock."""
    User.objects.filter(pk=user_id).update(password_demanded_at=None)


def suggested(user: User) -> bool:
    """Whether home speaks of the age of the password. Asks nothing of the database."""
    return rules.may_remind(
        timezone.now(),
        since=user.password_at or user.created_at,
        after=timedelta(days=settings.PASSWORD_AGE_DAYS),
        put_off=user.password_reminder_until,
    )


def put_off(*, user: User) -> None:
    """Nothing is said about the age of the password for ``PASSWORD_POSTPONE_DAYS``."""
    until = timezone.now() + timedelta(days=settings.PASSWORD_POSTPONE_DAYS)
    User.objects.filter(pk=user.pk).update(password_reminder_until=until)
