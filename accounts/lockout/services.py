from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Expression, IntegerField, QuerySet, Subquery
from django.utils import timezone

from accounts.lockout import rules
from accounts.lockout.models import PasswordFailures
from accounts.lockout.rules import Limits, Standing
from accounts.prepared import prepared
from accounts.users.models import User
from accounts.users.rules import canonical
from accounts.vault import blind_index

EVALUATION_SECONDS = 30


class AlreadyEvaluating(Exception):
    """Another password for the same name is being checked right now; the page says 503."""

    retry_after = 1


def key_of(name: str, known_device: str = "") -> str:
    """The counter of a name in any spelling, apart for each known device of its owner."""
    return blind_index(f"{canonical(name)}\0{known_device}", "password failures")


def limits() -> Limits:
    """The limits of CONTRACT 6 as they are set."""
    return Limits(
        slowed=settings.PASSWORD_FAILURES_SLOWED,
        locked=settings.PASSWORD_FAILURES,
        window=timedelta(hours=settings.PASSWORD_LOCK_HOURS),
    )


def standing(key: str) -> Standing:
    """Whether a password may be tried now. One query."""
    row = _counter.first(key=key)
    return rules.standing(
        timezone.now(),
        limits(),
        count=row.count if row else 0,
        last_at=row.last_at if row else None,
    )


def counted(key: str | Expression) -> dict[str, Subquery]:
    """Annotations for a query of users: what the counter ``key`` holds. See ``is_locked``."""
    row = PasswordFailures.objects.filter(pk=key)
    return {
        "wrong_passwords": Subquery(row.values("count"), output_field=IntegerField()),
        "wrong_password_at": Subquery(row.values("last_at"), output_field=DateTimeField()),
    }


def is_locked(user: User) -> bool:
    """Whether the counter that was read along with ``user`` (``counted``) is locked. No query."""
    return rules.standing(
        timezone.now(),
        limits(),
        count=user.wrong_passwords or 0,
        last_at=user.wrong_password_at,
    ).locked


@prepared
def _counter(key: str) -> QuerySet[PasswordFailures]:
    return PasswordFailures.objects.filter(pk=key)


@contextmanager
def evaluating(key: str) -> Iterator[None]:
    """One password at a time for one name, so that parallel guesses cannot outrun the count.

    Raises ``AlreadyEvaluating``. (CVE-2023-47111: parallel checks exceeded the lock-out.)
    """
    cache = caches["limits"]
    if not cache.add(f"evaluating:{key}", 1, EVALUATION_SECONDS):
        raise AlreadyEvaluating
    try:
        yield
    finally:
        cache.delete(f"evaluating:{key}")


def failed(key: str) -> Standing:
    """Counts a wrong password, in a transaction of its own, and tells what it led to."""
    now = timezone.now()
    try:
        with transaction.atomic(durable=True):
            count = _count(key, now)
    except IntegrityError:  # two first failures at once
        with transaction.atomic(durable=True):
            count = _count(key, now)
    return rules.standing(now, limits(), count=count, last_at=now)


def _count(key: str, now) -> int:
    row = PasswordFailures.objects.select_for_update().filter(pk=key).first()
    if row is None:
        PasswordFailures.objects.create(pk=key, count=1, first_at=now, last_at=now)
        return 1
    if now >= row.last_at + limits().window:
        row.count, row.first_at = 0, now
    row.count, row.last_at = row.count + 1, now
    row.save(update_fields=["count", "first_at", "last_at"])
    return row.count


def clear(*keys: str) -> int:
    """Forgets the failures of these counters. Returns how many rows there were."""
    return PasswordFailures.objects.filter(pk__in=keys).delete()[0]


def purge() -> int:
    """Deletes counts whose window is over: anybody can make one, for any name. Returns how many."""
    return PasswordFailures.objects.filter(last_at__lt=timezone.now() - limits().window).delete()[0]
