from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import codes, gathered
from accounts.audit.services import lock as lock_user
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome, Verdict
from accounts.prepared import Update, prepared, prepared_update
from accounts.vault import CannotOpen

BY_MAIL = "email"  # the method of a challenge whose code goes to an e-mail address


def open_challenge(
    *,
    user_id: int,
    purpose: Purpose,
    method: str,
    bound_to: str,
    life: timedelta,
    tries: int,
    device: str = "",
    destination: str = "",
    code: str | None = None,
    with_reference: bool = False,
    question: str = "",
) -> Challenge:
    """Writes a new challenge. ``code`` is sealed; None when the device makes the answer itself,
    from ``question`` where it needs one.

    The caller holds the user's lock.
    """
    now = timezone.now()
    challenge = Challenge(
        user_id=user_id,
        purpose=purpose,
        method=method,
        device=device,
        bound_to=bound_to,
        destination=destination,
        reference=codes.reference() if with_reference else "",
        question=question,
        tries_left=tries,
        created_at=now,
        expires_at=now + life,
    )
    if code is not None:
        challenge.put(code)
    gathered.insert(challenge)
    return challenge


def open_mailed(
    *,
    user_id: int,
    purpose: Purpose,
    bound_to: str,
    to: str,
    most: timedelta | None = None,
    with_reference: bool = True,
) -> Challenge:
    """Writes a new challenge whose code goes to the e-mail address ``to``, and lives for as long as
    such a code does, or for ``most`` if that is shorter.

    The caller holds the user's lock.
    """
    life = timedelta(seconds=settings.EMAIL_CODE_LIFE)
    return open_challenge(
        user_id=user_id,
        purpose=purpose,
        method=BY_MAIL,
        bound_to=bound_to,
        destination=to,
        life=life if most is None else min(life, most),
        tries=settings.TRIES_PER_CHALLENGE,
        code=codes.numeric(codes.CODE_LENGTH),
        with_reference=with_reference,
    )


def lock(challenge_id: UUID) -> Challenge:
    """The challenge's row, locked; after the user's row in every lock order."""
    return _locked.one(challenge_id=challenge_id)


@prepared
def _locked(challenge_id: UUID) -> QuerySet[Challenge]:
    return Challenge.objects.select_for_update(no_key=True).filter(pk=challenge_id)


def refusal(challenge: Challenge, now: datetime) -> Verdict | None:
    """Why this challenge takes no answer, or None if it takes one."""
    if challenge.used_at is not None:
        return Verdict(Outcome.USED)
    if challenge.cancelled_at is not None or now >= challenge.expires_at:
        return Verdict(Outcome.EXPIRED)
    if challenge.tries_left < 1:
        return Verdict(Outcome.NO_TRIES)
    return None


def settle(challenge: Challenge, *, right: bool, now: datetime) -> Verdict:
    """Writes what an answer came to: used up, or one try less. The row is locked."""
    if right:
        if _use_up(challenge_id=challenge.pk, now=now) != 1:
            return Verdict(Outcome.USED)
        challenge.used_at, challenge.secret = now, None
        return Verdict(Outcome.OK, evaluated=True)
    challenge.tries_left -= 1
    gathered.change(challenge, "tries_left")
    outcome = Outcome.WRONG if challenge.tries_left else Outcome.NO_TRIES
    return Verdict(outcome, challenge.tries_left, evaluated=True)


def supersede(challenge: Challenge, *, now: datetime) -> Verdict:
    """Ends a challenge whose place a newer one has taken. The row is locked."""
    challenge.cancelled_at = now
    challenge.save(update_fields=["cancelled_at"])
    return Verdict(Outcome.EXPIRED)


@prepared_update
def _use_up(challenge_id: UUID, now: datetime) -> Update:
    unused = Challenge.objects.filter(pk=challenge_id, used_at=None)
    return unused, {"used_at": now, "secret": None}


def holds(challenge: Challenge, digits: str) -> bool:
    """Whether ``digits`` is the code of this challenge. What cannot be unsealed is a no."""
    try:
        return codes.same(challenge.code(), digits)
    except CannotOpen:
        return False


def answer(challenge_id: object, digits: str) -> Verdict:
    """Judges a typed code that no authenticator stands behind (contacts, activation).

    Counts in its own transaction, so it must not be called inside one.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        lock_user(Challenge.objects.values_list("user_id", flat=True).get(pk=challenge_id))
        challenge = lock(challenge_id)
        refused = refusal(challenge, now)
        return refused or settle(challenge, right=holds(challenge, digits), now=now)


def cancel(
    *,
    user_id: int,
    bound_to: str | None = None,
    purpose: Purpose | None = None,
    method: str | None = None,
    spare: str = "",
) -> int:
    """Ends the open challenges of a user: all, or those of a binding, purpose or method, but none
    whose binding begins with ``spare``. Returns how many there were."""
    wanted = {"bound_to": bound_to, "purpose": purpose, "method": method}
    live = _live(user_id).filter(**{name: one for name, one in wanted.items() if one is not None})
    if spare:
        live = live.exclude(bound_to__startswith=spare)
    return live.update(cancelled_at=timezone.now(), secret=None)


def end(*, user_id: int, spare: str = "", **among: Any) -> None:
    """Ends the open challenges of a user that are ``among`` what a filter chooses, but none whose
    binding begins with ``spare``, along with what else ends (``accounts.gathered``)."""
    live = _live(user_id).filter(**among)
    if spare:
        live = live.exclude(bound_to__startswith=spare)
    gathered.end(live, kind="cancelled", cancelled_at=timezone.now(), secret=None)


def _live(user_id: int) -> QuerySet[Challenge]:
    return Challenge.objects.filter(user_id=user_id, used_at=None, cancelled_at=None)


def erase_expired() -> int:
    """Wipes the codes of challenges that ended. Returns how many."""
    ended = Challenge.objects.filter(secret__isnull=False, expires_at__lt=timezone.now())
    return ended.update(secret=None)


def purge() -> int:
    """Deletes challenges that ended long ago (``CHALLENGE_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.CHALLENGE_KEEP_DAYS)
    return Challenge.objects.filter(expires_at__lt=before).delete()[0]
