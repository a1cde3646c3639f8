"""Finding a recovery, and how far it has come."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import gathered
from accounts.audit import services as audit
from accounts.challenges import services as challenges
from accounts.contacts.models import EmailAddress
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin, digest
from accounts.users.models import User
from sls.recovery import rules
from sls.recovery.models import Delay, Recovery
from sls.recovery.rules import Ended, Facts, Goal, Stage

_WITH = ("user", "challenge")


def find(token: str) -> Recovery | None:
    """The recovery of this token, with its user and challenge, in one query."""
    return Recovery.objects.select_related(*_WITH).filter(pk=digest(token)).first()


def stage(recovery: Recovery) -> Stage:
    """What is asked for next. One query where that depends on a wait."""
    now = timezone.now()
    waits = recovery.proven_at is not None and recovery.goal == Goal.FACTOR
    return rules.stage(
        now,
        Facts(
            goal=Goal(recovery.goal),
            expires_at=recovery.expires_at,
            ended=recovery.ended_why,
            tries=recovery.tries_left,
            mailed=recovery.mailed_at is not None,
            asked=recovery.challenge_id is not None,
            proven=recovery.proven_at is not None,
            ripe=waits and ripe(recovery.user_id, now).exists(),
        ),
    )


def may_pass(user: User) -> bool:
    """Whether the user may come back in at all; asked at every step, with the row as it is then."""
    bar = may_authenticate(active=user.is_active, frozen=is_frozen(user), locked=False)
    return bar is None and user.activated_at is not None


def is_outside(user: User, origin: Origin) -> bool:
    """Whether the user's restrictions refuse where the request comes from. What is proven here is
    asked at the emergency door too: nobody proves it here first, to need less there."""
    return not addresses.decide(user=user, origin=origin).is_let_in


def ripe(user_id: int, now: datetime) -> QuerySet[Delay]:
    """The wait of the user that is over, and can be used."""
    return Delay.objects.filter(user=user_id, ended_at=None, due_at__lte=now, until__gt=now)


def lock(recovery: Recovery) -> User:
    """The user's lock; what was read before it may have been used or ended in the meantime."""
    user = audit.lock(recovery.user_id)
    recovery.refresh_from_db(from_queryset=Recovery.objects.select_related(*_WITH))
    return user


def standing_on(recovery: Recovery, now: datetime) -> QuerySet[Recovery]:
    """The row, if it is live and the address that was proven is still one of its user."""
    still = EmailAddress.objects.filter(
        user=OuterRef("user"), address=OuterRef("address"), verified_at__isnull=False
    )
    return Recovery.objects.filter(
        Exists(still),
        pk=recovery.pk,
        mailed_at__isnull=False,
        ended_at=None,
        expires_at__gt=now,
    )


def stop(user_id: int, *, keep: Q | None = None) -> int:
    """Ends what was begun for the user; none of its codes opens anything any more.

    The caller holds the user's lock. ``keep`` chooses what goes on. Returns how many were ended.
    """
    begun = Recovery.objects.filter(user=user_id, ended_at=None)
    if keep is not None:
        begun = begun.exclude(keep)
    for bound_to in begun.values_list("pk", flat=True):
        challenges.cancel(user_id=user_id, bound_to=bound_to)
    return begun.update(ended_at=timezone.now(), ended_why=Ended.STOPPED)


def stop_all(user_id: int) -> None:
    """``stop``, along with what else ends (``accounts.gathered``)."""
    begun = Recovery.objects.filter(user=user_id, ended_at=None)
    # Before the rows by which they are found.
    challenges.end(user_id=user_id, bound_to__in=begun.values("pk"))
    gathered.end(begun, kind="stopped", ended_at=timezone.now(), ended_why=Ended.STOPPED)
