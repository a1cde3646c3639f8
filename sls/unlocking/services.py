import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts import codes
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar as SendingBar
from accounts.challenges.sending import send_code
from accounts.challenges.wording import Problem
from accounts.codes import Shape
from accounts.contacts.reached import is_trusted_email, trusted_email
from accounts.freeze.services import is_frozen
from accounts.lockout import services as lockout
from accounts.lockout.rules import Bar, may_authenticate
from accounts.origin import Origin, digest
from accounts.outbox.models import Channel
from accounts.rows import insert
from accounts.users.models import User
from sls.login import flow, offers, rules
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.rules import Strength
from sls.unlocking import wording


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked to lift the lock of a name. ``challenge`` is "" where no code was sent: no
    such name, not locked, or no address that may be used."""

    digest: str
    browser: str
    challenge: str = ""


def ask(*, username: str, origin: Origin, browser: str) -> str:
    """Mails a code if the name is locked; returns a token that finds the request again.

    Whether there is such a name shows nowhere; ``Floor`` hides the time. ``browser`` is the secret
    of the cookie that it is bound to.
    """
    token = secrets.token_urlsafe(32)
    user = User.objects.by_name(username)
    challenge = _send(user, digest(token), origin) if user else None
    kept = {"browser": digest(browser), "challenge": str(challenge.pk) if challenge else ""}
    cache.set(_key(digest(token)), kept, settings.EMAIL_CODE_LIFE)
    return token


def _key(of: str) -> str:
    return f"unlocking:{of}"


def _send(user: User, bound_to: str, origin: Origin) -> Challenge | None:
    with transaction.atomic():
        row = audit.lock(user.pk)
        if _bar(row) or not _is_locked(row, origin):
            return None
        address = trusted_email(row.pk)
        if address is None:
            return None
        challenge = challenges.open_mailed(
            user_id=row.pk,
            purpose=Purpose.UNLOCK,
            bound_to=bound_to,
            to=address.address,
            with_reference=False,
        )
        sent = send_code(
            challenge,
            user=row,
            channel=Channel.EMAIL,
            origin=origin,
            planned=True,
            name="unlock_code",
        )
        if sent.bar not in (None, SendingBar.SPACING):
            challenge.delete()
            return None
        audit.record(
            Event.CODE_SENT,
            user=row,
            origin=origin,
            detail={"channel": Channel.EMAIL.value, "to": address.masked},
        )
    return challenge


def _bar(user: User) -> Bar | None:
    """Why nothing of this user may be unlocked; the lock itself is what is lifted here."""
    return may_authenticate(active=user.is_active, frozen=is_frozen(user), locked=False)


def _is_locked(user: User, origin: Origin) -> bool:
    """By anybody, or in this very browser."""
    return any(
        lockout.standing(lockout.key_of(user.username, device)).locked
        for device in {"", origin.device}
    )


def find(token: str) -> Asked | None:
    """What was asked under this token, while its code may live."""
    kept = cache.get(_key(digest(token)))
    return Asked(digest(token), **kept) if kept else None


def confirm(asked: Asked, *, text: str, origin: Origin, browser: str) -> str | Problem:
    """Takes the mailed code. Returns the token of an attempt that asks for an authenticator.

    As many tries as a code has, whether one was sent or not. Must not be called inside a
    transaction: a wrong answer is counted for good.
    """
    typed = codes.read(text, length=codes.CODE_LENGTH)
    if typed.shape is not Shape.WELL_FORMED:
        return code_wording.of_shape(typed.shape, codes.CODE_LENGTH)
    tries = f"{_key(asked.digest)}:tries"
    cache.add(tries, 0, settings.EMAIL_CODE_LIFE)
    if cache.incr(tries) > settings.TRIES_PER_CHALLENGE:
        return wording.no_tries()
    if not asked.challenge:
        return wording.no_match()
    verdict = challenges.answer(UUID(asked.challenge), typed.digits)
    with transaction.atomic():
        challenge = Challenge.objects.get(pk=asked.challenge)
        user = audit.lock(challenge.user_id)
        if not verdict.is_ok:
            detail = {"outcome": verdict.outcome.value}
            audit.record(Event.UNLOCK_FAILED, user=user, origin=origin, detail=detail)
            return wording.no_match()
        if not is_trusted_email(user_id=user.pk, address=challenge.destination):
            return wording.no_match()
        return _begin(user, origin=origin, browser=browser)


def _begin(user: User, *, origin: Origin, browser: str) -> str | Problem:
    """The caller holds the user's lock."""
    if _bar(user):
        return wording.no_own()
    devices = registry.devices(user.pk)
    offered = rules.offered([offers.way(row) for row in devices])
    own = [way.id for way in rules.enough(offered, Strength.TYPED_CODE)]
    if not own:
        return wording.no_own()
    token = secrets.token_urlsafe(32)
    attempt = Attempt.of(
        token,
        user=user,
        origin=origin,
        browser=browser,
        unlocking=True,
        careful=Strength.TYPED_CODE,
        ways=len(own),
    )
    if len(own) == 1:
        row = next(row for row in devices if row.id == own[0])
        attempt.challenge = flow.ask(attempt, row, user=user, origin=origin)
    insert(attempt)
    return token
