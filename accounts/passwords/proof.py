"""Proving a password: the one place where it is compared, counted, slowed and locked."""

import time
from dataclasses import dataclass, field, replace

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.lockout import rules
from accounts.lockout import services as lockout
from accounts.lockout.rules import Standing
from accounts.origin import Origin
from accounts.sessions import browsers
from accounts.users import services as users
from accounts.users.models import User

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a password.

    ``barred`` is set when it was not compared at all, because failures slowed or locked the name.
    ``used_here`` is the authenticator that last completed a sign-in in this browser, or "".
    ``failures`` counts the wrong passwords before it; ``left`` how many more lead to the lock, None
    while that is far. ``hash_seconds`` is how long the comparison took, and ``since`` when it ended
    (``time.perf_counter``).
    """

    right: bool
    known_device: bool
    failures: int = 0
    left: int | None = None
    used_here: str = ""
    barred: Standing | None = None
    hash_seconds: float = 0.0
    since: float = field(default_factory=time.perf_counter)


def prove(*, name: str, user: User | None, password: str, origin: Origin, at: str) -> Proof:
    """Compares a password once. Slow; outside transactions.

    ``user`` is None for a name that does not exist: it is counted and locked as others are, and
    costs the same queries. ``at`` says in the audit where it was asked. A right one clears no
    count: only a completed sign-in does. Raises ``slots.NoFreeSlot`` and
    ``lockout.services.AlreadyEvaluating``, before anything is counted.
    """
    used_here = _used_here(user, origin)
    known = used_here is not None
    key = lockout.key_of(name, origin.device if known else "")
    with lockout.evaluating(key):
        standing = lockout.standing(key)
        if standing.until:
            return Proof(False, known, standing.failures, _left(standing), barred=standing)
        checked = users.check(user=user, password=password)
        proof = Proof(
            checked.right,
            known,
            standing.failures,
            used_here=used_here or "",
            hash_seconds=checked.seconds,
        )
        if checked.right:
            return proof
        after = lockout.failed(key)
    if user is not None:
        _record(user, after, known_device=known, origin=origin, at=at)
    return replace(proof, left=_left(after))


def _left(standing: Standing) -> int | None:
    return rules.tries_left(lockout.limits(), standing.failures)


def _used_here(user: User | None, origin: Origin) -> str | None:
    """None in a browser that the user has not signed in with before."""
    known = browsers.recognise(user_id=user.pk if user else NOBODY, origin=origin)
    return known and known.used


def _record(user: User, standing: Standing, *, known_device: bool, origin: Origin, at: str) -> None:
    with transaction.atomic():
        row = audit.lock(user.pk)
        audit.record(Event.PASSWORD_FAILED, user=row, origin=origin, detail={"at": at})
        if standing.locked:
            note = {"known_device": known_device}
            audit.record(Event.SIGN_IN_LOCKED, user=row, origin=origin, note=note)
