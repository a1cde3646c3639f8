"""The first factor: name and password, counted, slowed and locked alike for every name."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.wording import Problem
from accounts.lockout import services as lockout
from accounts.origin import Origin
from accounts.sessions import services as sessions
from accounts.users import services as users
from accounts.users.models import User
from sls.login import wording
from sls.login.pace import Pace

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a name and a password; ``problem`` is None when they were right."""

    user: User | None
    problem: Problem | None
    known_device: bool
    had_failures: bool
    pace: Pace


def prove(*, username: str, password: str, origin: Origin) -> Proof:
    """Checks a password once. Slow; outside transactions.

    Unknown names are counted and locked as known ones are, and cost the same queries. Raises
    ``slots.NoFreeSlot`` and ``lockout.services.AlreadyEvaluating``, before anything is counted.
    """
    user = User.objects.by_name(username)
    known = bool(origin.device) and sessions.is_known(
        user_id=user.pk if user else NOBODY, device=origin.device
    )
    key = lockout.key_of(username, origin.device if known else "")
    with lockout.evaluating(key):
        standing = lockout.standing(key)
        if standing.until:
            return Proof(user, _barred(standing), known, True, Pace())
        checked = users.check(user=user, password=password)
        pace = Pace(checked.seconds)
        if checked.right:
            return Proof(user, None, known, standing.failures > 0, pace)
        after = lockout.failed(key)
    if user is not None:
        _record_failure(user, locked=after.locked, origin=origin)
    return Proof(user, wording.wrong_credentials(), known, True, pace)


def _barred(standing: lockout.Standing) -> Problem:
    if standing.locked:
        return wording.locked(standing.until)
    return wording.slow_down(standing.until, timezone.now())


def _record_failure(user: User, *, locked: bool, origin: Origin) -> None:
    with transaction.atomic():
        row = audit.lock(user.pk)
        audit.record(Event.PASSWORD_FAILED, user=row, origin=origin)
        if locked:
            audit.record(Event.SIGN_IN_LOCKED, user=row, origin=origin)
