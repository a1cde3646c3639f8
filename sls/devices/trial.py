"""Trying an authenticator without needing it: a challenge that opens nothing."""

from django.conf import settings
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from sls.devices import listing, wording
from sls.devices.rules import Refusal
from sls.methods import outcome, registry
from sls.methods.device import Authenticator


def latest(device: Authenticator, *, bound_to: str) -> Challenge | None:
    """The last test of ``device`` in this session. One query."""
    tests = Challenge.objects.filter(
        user_id=device.user_id,
        device=device.persistent_id,
        bound_to=bound_to,
        purpose=Purpose.TEST,
    )
    return tests.order_by("-created_at").first()


def begin(*, device: Authenticator, bound_to: str, origin: Origin) -> Problem | None:
    """Opens a test; an older one of this session ends. None when its page can be shown."""
    with transaction.atomic():
        user = audit.lock(device.user_id)
        rows = registry.devices(user.pk)
        row = next((row for row in rows if row.id == device.persistent_id), None)
        if row is None:
            return wording.problem(Refusal.GONE)
        challenges.cancel(user_id=user.pk, bound_to=bound_to, purpose=Purpose.TEST)
        listing.method_of(device).challenge(
            row, user=user, purpose=Purpose.TEST, bound_to=bound_to, origin=origin
        )
    return None


def answer(challenge: Challenge, *, text: str, origin: Origin) -> Problem | None:
    """Takes the answer to a test; None when it was right. A wrong one counts as everywhere.

    Must not be called inside a transaction.
    """
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        return read.problem
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.evaluated:
        _record(challenge, verdict, origin)
    if verdict.is_ok:
        return None
    challenge.refresh_from_db()
    return code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)


def _record(challenge: Challenge, verdict: Verdict, origin: Origin) -> None:
    event = Event.DEVICE_TESTED if verdict.is_ok else Event.DEVICE_TEST_FAILED
    with transaction.atomic():
        user = audit.lock(challenge.user_id)
        outcome.record(event, challenge, verdict, user=user, origin=origin)
