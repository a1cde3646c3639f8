"""What every authenticator has, and the one place where its failures are counted."""

from collections.abc import Callable

from django.db import models, transaction
from django.utils import timezone
from django_otp.models import Device

from accounts.audit.services import lock as lock_user
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome, Verdict


class Authenticator(Device):
    """A device of django-otp that counts its failures and is revoked, never deleted.

    ``confirmed`` is django-otp's word for "may prove": false while pending, and false again once
    revoked. ``failures`` counts consecutive wrong answers over all challenges, sessions and
    channels; nothing but a right answer or staff resets it (SECURITY 0.3).
    """

    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def may_prove(self) -> bool:
        """Whether an answer may be judged at all; pending ones may, to be confirmed."""
        return self.disabled_at is None and self.revoked_at is None


def row_id(persistent_id: str) -> int:
    """The primary key in django-otp's ``persistent_id``, "app.model/17"."""
    return int(persistent_id.rpartition("/")[2])


def judge(
    challenge: Challenge,
    *,
    model: type[Authenticator],
    failures_allowed: int,
    is_right: Callable[[Challenge, Authenticator], bool],
    on_right: Callable[[Authenticator], tuple[str, ...]] = lambda device: (),
) -> Verdict:
    """Judges and counts one answer, durably: locks user, challenge and authenticator in order.

    ``on_right`` may change the authenticator and returns the names of the fields it changed.
    ``is_right`` is only called when the challenge is open and the authenticator may prove, so
    that no guess is evaluated beyond the permitted number. Nothing here raises on a wrong answer,
    and the transaction refuses to be part of another: the count always commits.
    """
    with transaction.atomic(durable=True):
        lock_user(challenge.user_id)
        locked = challenges.lock(challenge.pk)
        device = model.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=row_id(locked.device), user_id=locked.user_id
        )
        now = timezone.now()
        if not device.may_prove:
            return Verdict(Outcome.DISABLED)
        refused = challenges.refusal(locked, now)
        if refused:
            return refused
        verdict = challenges.settle(locked, right=is_right(locked, device), now=now)
        if verdict.is_ok:
            device.failures, device.last_used_at, device.confirmed = 0, now, True
            changed = ("failures", "last_used_at", "confirmed", *on_right(device))
        else:
            device.failures += 1
            if device.failures >= failures_allowed:
                device.disabled_at = now
                verdict = Verdict(Outcome.DISABLED, evaluated=True, disables=True)
            changed = ("failures", "disabled_at")
        device.save(update_fields=changed)
        return verdict
