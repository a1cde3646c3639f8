"""What every authenticator has, and the one place where its failures are counted."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.utils import timezone
from django_otp.models import Device

from accounts import gathered
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome, Verdict
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.rows import change
from accounts.users.models import User


class Authenticator(Device):
    """A device of django-otp that counts its failures and is revoked, never deleted.

    ``confirmed`` is django-otp's word for "may prove": false while pending, and false again once
    revoked. ``failures`` counts consecutive wrong answers over all challenges, sessions and
    channels; nothing but a right answer or staff resets it (SECURITY 0.3).
    """

    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    last_used_address = models.CharField(max_length=45, blank=True)
    last_used_agent = models.CharField(max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)  # the client's order; 0 for none
    failures = models.PositiveSmallIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def live(cls) -> models.Q:
        """The rows whose answers sign somebody in: enrolled, and neither disabled nor revoked."""
        return models.Q(confirmed=True, disabled_at=None, revoked_at=None)

    @classmethod
    def disabled(cls) -> models.Q:
        """The rows that take no answers, after too many wrong ones."""
        return models.Q(disabled_at__isnull=False)

    @classmethod
    def locked(cls) -> models.QuerySet[Self]:
        """Its rows as an answer needs them: locked, with what they share with others."""
        return cls.objects.select_for_update(no_key=True, of=("self",))

    @property
    def disabled_since(self) -> datetime | None:
        """Since when it takes no answers, after too many wrong ones."""
        return self.disabled_at

    @property
    def may_prove(self) -> bool:
        """Whether an answer may be judged at all; pending ones may, to be confirmed."""
        return self.disabled_at is None and self.revoked_at is None

    def unblock(self) -> None:
        """Takes answers again, and forgets the wrong ones. The caller holds the user's lock."""
        self.failures, self.disabled_at = 0, None
        self.save(update_fields=["failures", "disabled_at"])

    def awaits(self, challenge: Challenge) -> bool:
        """Whether no newer challenge has taken the place of this one."""
        return True


def row_id(persistent_id: str) -> int:
    """The primary key in django-otp's ``persistent_id``, "app.model/17"."""
    return int(persistent_id.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Then:
    """What a right answer leads to in the transaction that judges it, so that both hold or neither.

    ``lock`` locks the user's row and the challenge's, in this order; ``do`` gets that user once the
    answer was right.
    """

    lock: Callable[[], tuple[User, Challenge]]
    do: Callable[[User], None]


def judge(
    challenge: Challenge,
    *,
    model: type[Authenticator],
    failures_allowed: int,
    origin: Origin,
    is_right: Callable[[Challenge, Authenticator], bool],
    on_right: Callable[[Authenticator], tuple[str, ...]] = lambda device: (),
    on_proven: Callable[[Authenticator, User], None] = lambda device, user: None,
    then: Then | None = None,
) -> Verdict:
    """Judges and counts one answer, durably: locks user, challenge and authenticator in order.

    A pending authenticator is confirmed by its first right answer, which records its enrolment.
    ``on_right`` may change the authenticator and returns the names of the fields it changed;
    ``on_proven`` gets the locked user too, and may record more of the proof. ``is_right`` is only
    called when the challenge is open and the authenticator may prove, so that no guess is evaluated
    beyond the permitted number. Nothing here raises on a wrong answer, and the transaction refuses
    to be part of another: the count always commits. ``then`` is what else a right answer does.
    """
    with transaction.atomic(durable=True):
        user, locked = then.lock() if then else _lock(challenge)
        now = timezone.now()
        refused = challenges.refusal(locked, now)
        if refused and refused.outcome is Outcome.EXPIRED:
            # Its authenticator may be gone: what was left pending is replaced.
            return refused
        device = _locked(model).one(pk=row_id(locked.device), user_id=locked.user_id)
        if not device.may_prove:
            return Verdict(Outcome.DISABLED)
        if refused:
            return refused
        if not device.awaits(locked):
            return challenges.supersede(locked, now=now)
        right = is_right(locked, device)
        with gathered.gathering():
            verdict = challenges.settle(locked, right=right, now=now)
            if not verdict.is_ok:
                return _count(device, verdict, failures_allowed, now)
        enrols = not device.confirmed
        changed = *_used(device, now, origin), *on_right(device)
        if enrols:
            change(device, *changed)
            record_enrolled(device, method=locked.method, user=user, origin=origin)
            changed = ()
        with audit.together(user) if then else nullcontext():
            if changed:
                gathered.change(device, *changed)
            _lead_on(device, user, on_proven, then)
        return verdict


def _lead_on(
    device: Authenticator,
    user: User,
    on_proven: Callable[[Authenticator, User], None],
    then: Then | None,
) -> None:
    on_proven(device, user)
    if then:
        then.do(user)


def _lock(challenge: Challenge) -> tuple[User, Challenge]:
    return audit.lock(challenge.user_id), challenges.lock(challenge.pk)


def spent(verdict: Verdict) -> Verdict:
    """The verdict on an answer that would have been right, had it not been used before.

    It is counted like any wrong one; that its owner is told what is the matter helps nobody else.
    """
    return replace(verdict, outcome=Outcome.USED) if verdict.outcome is Outcome.WRONG else verdict


def _count(device: Authenticator, verdict: Verdict, allowed: int, now: datetime) -> Verdict:
    device.failures += 1
    if device.failures >= allowed:
        device.disabled_at = now
        verdict = Verdict(Outcome.DISABLED, evaluated=True, disables=True)
    gathered.change(device, "failures", "disabled_at")
    return verdict


@functools.cache
def _locked[A: Authenticator](model: type[A]) -> prepared[A]:
    @prepared
    def of_user(pk: int, user_id: int) -> models.QuerySet[A]:
        return model.locked().filter(pk=pk, user_id=user_id)

    return of_user


def _used(device: Authenticator, now: datetime, origin: Origin) -> tuple[str, ...]:
    # Not written where it is so already: it may be revoked before what is gathered is written.
    enrolled = () if device.confirmed else ("confirmed",)
    device.failures, device.confirmed, device.last_used_at = 0, True, now
    device.last_used_address, device.last_used_agent = origin.address, origin.agent
    return ("failures", "last_used_at", "last_used_address", "last_used_agent", *enrolled)


def end(
    device: Authenticator,
    *,
    method: str,
    user: User,
    origin: Origin,
    why: str,
    successor: str = "",
    **cleared: None,
) -> None:
    """Revokes ``device``: it proves nothing any more, and the fields in ``cleared`` become NULL.

    ``successor`` is the persistent id of the one that takes its place, if one does. The caller
    holds the user's lock.
    """
    device.revoked_at, device.confirmed = timezone.now(), False
    for name, value in cleared.items():
        setattr(device, name, value)
    with gathered.gathering():
        gathered.change(device, "revoked_at", "confirmed", *cleared)
        audit.record(
            Event.DEVICE_REVOKED,
            user=user,
            origin=origin,
            detail={"method": method, "device": device.name, "why": why},
            note={
                "device": device.persistent_id,
                "session": origin.session,
                "successor": successor,
            },
        )


def record_enrolled(device: Authenticator, *, method: str, user: User, origin: Origin) -> None:
    """Tells that the authenticator may prove from now on. The caller holds the user's lock."""
    audit.record(
        Event.DEVICE_ENROLLED,
        user=user,
        origin=origin,
        detail={"method": method, "device": device.name},
        note={"device": device.persistent_id, "session": origin.session},
    )
