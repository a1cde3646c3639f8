"""The new factor, after the wait. It is enrolled here, where nobody is signed in."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.protocol import Method
from sls.methods.rules import told_apart
from sls.recovery import delays, proofs, wording
from sls.recovery.models import Recovery
from sls.recovery.rules import Stage
from sls.recovery.state import lock, stage, standing_on

# What can be set up at once, the safest first.
METHODS = ("passkey", "authenticator_app")
ENROLLING = frozenset({Stage.ENROL, Stage.ENROL_ANSWER})


def methods(user: User) -> list[Method]:
    """What may be enrolled: nothing that a policy would not let sign in."""
    least = proofs.person(user).least
    return [one for one in map(registry.get, METHODS) if one.strength >= least]


def begin(recovery: Recovery, *, method: str, origin: Origin) -> Problem | None:
    """Makes a pending authenticator, which its first right answer confirms.

    Whether the user may is asked again: the name may have been closed or locked during the wait.
    """
    with transaction.atomic():
        user = lock(recovery)
        if stage(recovery) not in ENROLLING or not standing_on(recovery, timezone.now()).exists():
            return wording.over()
        chosen = next((one for one in methods(user) if one.code == method), None)
        if chosen is None:
            return wording.unknown_way()
        if problem := delays.refusal(user, origin=origin):
            return problem
        if recovery.openings >= settings.CHALLENGES_PER_ATTEMPT + settings.SWITCHES_PER_ATTEMPT:
            return code_wording.no_more()
        challenges.cancel(user_id=user.pk, purpose=Purpose.ENROLMENT, method=chosen.code)
        begun = chosen.enrol(user=user, origin=origin, bound_to=recovery.digest)
        if isinstance(begun, Problem):
            return begun
        _name(begun.device, chosen, user)
        recovery.challenge = begun.challenge
        recovery.openings += 1
        recovery.save(update_fields=["challenge", "openings"])
    return None


def _name(device: Authenticator, method: Method, user: User) -> None:
    held = method.model.objects.filter(user=user, confirmed=True, revoked_at=None)
    device.name = told_apart(device.name, list(held.values_list("name", flat=True)))
    device.save(update_fields=["name"])


def answer(recovery: Recovery, *, text: str, origin: Origin) -> Problem | None:
    """Takes the first answer of the new authenticator. None when it is confirmed now.

    What waited is ended in the transaction that confirms it (``receivers``), so it is used once;
    a cancellation ends the challenge first. Must not be called inside a transaction.
    """
    if stage(recovery) is not Stage.ENROL_ANSWER:
        return wording.over()
    with transaction.atomic():
        if problem := delays.refusal(lock(recovery), origin=origin):
            return problem
    challenge = recovery.challenge
    if challenge is None:
        return wording.over()
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        return read.problem
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.is_ok:
        return None
    challenge.refresh_from_db()
    return code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)


def is_open(challenge: Challenge | None) -> bool:
    """Whether an answer could still succeed."""
    return challenge is not None and challenge.is_open(timezone.now())
