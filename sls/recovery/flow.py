"""The second proof: an authenticator, or the password of who lost every authenticator."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Sending
from accounts.challenges.wording import Problem
from accounts.contacts import reached
from accounts.contacts.rules import masked_phone
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.passwords import proof
from accounts.users.models import User
from sls.methods import outcome, recognise, registry
from sls.methods.device import row_id
from sls.recovery import proofs, wording
from sls.recovery.models import Recovery
from sls.recovery.proofs import Offer
from sls.recovery.rules import Goal, Stage
from sls.recovery.state import is_outside, lock, may_pass, stage, standing_on

CHOOSING = frozenset({Stage.CHOOSE, Stage.ANSWER, Stage.OLD_PASSWORD})


def choose(recovery: Recovery, *, device: str, origin: Origin) -> Problem | None:
    """Asks one of the offered authenticators, or anew the one whose challenge is over."""
    try:
        with transaction.atomic():
            return _choose(recovery, device=device, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _choose(recovery: Recovery, *, device: str, origin: Origin) -> Problem | None:
    user = lock(recovery)
    if stage(recovery) not in CHOOSING:
        return wording.over()
    if is_outside(user, origin):
        return wording.outside()
    offer = _offer(recovery, device)
    if offer is None:
        return wording.unknown_way()
    present = recovery.challenge
    if present is None or present.device != device:
        recovery.switches += 1
    elif present.is_open(timezone.now()):
        return None
    else:
        recovery.openings += 1
    if (
        recovery.switches > settings.SWITCHES_PER_ATTEMPT
        or recovery.openings > settings.CHALLENGES_PER_ATTEMPT
    ):
        return code_wording.no_more()
    _replace(recovery, offer, user=user, origin=origin)
    return None


def _offer(recovery: Recovery, device: str) -> Offer | None:
    return next((one for one in proofs.offers(recovery) if one.row.id == device), None)


def _replace(
    recovery: Recovery,
    offer: Offer,
    *,
    user: User,
    origin: Origin,
    delivery: Channel | None = None,
) -> Challenge:
    challenges.cancel(user_id=user.pk, bound_to=recovery.digest)
    recovery.challenge = registry.get(offer.row.method).challenge(
        offer.row,
        user=user,
        purpose=Purpose.RECOVERY,
        bound_to=recovery.digest,
        origin=origin,
        delivery=delivery,
    )
    recovery.save(update_fields=["challenge", "openings", "switches"])
    return recovery.challenge


def resend(recovery: Recovery, *, channel: Channel, origin: Origin) -> Problem | None:
    """Sends the same code again; once it is over, a new one."""
    with transaction.atomic():
        user = lock(recovery)
        challenge = recovery.challenge
        if stage(recovery) is not Stage.ANSWER or not registry.get(challenge.method).channels:
            return None
        if challenge.is_open(timezone.now()):
            decided = sending.send_code(challenge, user=user, channel=channel, origin=origin)
        else:
            decided = _reopen(recovery, user=user, channel=channel, origin=origin)
        if decided.bar is not None:
            return code_wording.of_sending(decided, timezone.now())
        detail = {"channel": channel.value, "to": masked_phone(challenge.destination)}
        audit.record(Event.CODE_RESENT, user=user, origin=origin, detail=detail)
    return None


def _reopen(recovery: Recovery, *, user: User, channel: Channel, origin: Origin) -> Sending:
    over = recovery.challenge
    decided = sending.may_reopen(over, openings=recovery.openings)
    if decided.bar is not None:
        return decided
    offer = _offer(recovery, over.device)
    if offer is None:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    recovery.openings += 1
    _replace(recovery, offer, user=user, origin=origin, delivery=channel)
    return decided


def answer(recovery: Recovery, *, text: str, origin: Origin) -> Problem | None:
    """Takes the answer of an authenticator. None when it was right.

    Must not be called inside a transaction: a wrong answer is counted for good, by the
    authenticator itself.
    """
    if stage(recovery) is not Stage.ANSWER:
        return wording.over()
    challenge = recovery.challenge
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        return recognise.unread(read.problem, text=text, asked=challenge, ways=_rows(recovery))
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.is_ok:
        return _proven(recovery, challenge=challenge, origin=origin)
    if verdict.evaluated:
        with transaction.atomic():
            user = audit.lock(recovery.user_id)
            outcome.record(Event.RECOVERY_FAILED, challenge, verdict, user=user, origin=origin)
    challenge.refresh_from_db()
    problem = code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)
    return recognise.wrong(problem, text=text, asked=challenge, ways=_rows(recovery))


def _rows(recovery: Recovery) -> list:
    return [one.row for one in proofs.offers(recovery)]


def prove_password(recovery: Recovery, *, password: str, origin: Origin) -> Problem | None:
    """Takes the password of somebody who lost what they sign in with. None when it was right.

    Slow; outside transactions. Raises what ``accounts.passwords.proof.prove`` raises.
    """
    if stage(recovery) not in (Stage.OLD_PASSWORD, Stage.ANSWER) or recovery.goal != Goal.FACTOR:
        return wording.over()
    if not password:
        return wording.empty_password()
    user = recovery.user
    if is_outside(user, origin):
        return wording.outside()
    proven = proof.prove(
        name=user.username, user=user, password=password, origin=origin, at="recovery"
    )
    if not proven.right:
        return wording.of_password(proven)
    return _proven(recovery, origin=origin)


def _proven(
    recovery: Recovery, *, origin: Origin, challenge: Challenge | None = None
) -> Problem | None:
    """Notes the second proof, if everything that it stands on is still there."""
    now, still = timezone.now(), []
    method, device = ("password", "") if challenge is None else (challenge.method, challenge.device)
    if challenge is not None:
        still.append(registry.still_proves(method, device=row_id(device), user_id=recovery.user_id))
        if number := challenge.destination:
            # Removed since, or its SIM card turned out to be new.
            still.append(reached.still_trusted(user_id=recovery.user_id, number=number))
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        here = standing_on(recovery, now).filter(*still, proven_at=None, goal=recovery.goal)
        if challenge is not None:
            here = here.filter(challenge=challenge)
        went = here.update(
            proven_at=now,
            proof=method,
            device=device,
            challenge=None,
            expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
        )
        if went != 1 or not may_pass(user):
            transaction.set_rollback(True)
            return wording.over()
        detail = {"proof": method}
        audit.record(Event.RECOVERY_PROVEN, user=user, origin=origin, detail=detail)
    return None


def lost(recovery: Recovery) -> None:
    """Nothing is at hand that would replace the password: on to the wait for a new factor."""
    with transaction.atomic():
        lock(recovery)
        if stage(recovery) not in CHOOSING:
            return
        challenges.cancel(user_id=recovery.user_id, bound_to=recovery.digest)
        recovery.goal, recovery.challenge = Goal.FACTOR, None
        recovery.save(update_fields=["goal", "challenge"])
