"""The proof of a held request: begin, choose, resend, answer. Knows no request and no page."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending, wording
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.wording import Problem
from accounts.contacts import reached
from accounts.contacts.rules import masked_phone
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import outcome, recognise, registry
from sls.methods.device import Then, row_id
from sls.step_up import failures, proofs, rules, services, standing
from sls.step_up import wording as own_wording
from sls.step_up.models import Pending
from sls.step_up.proofs import Way
from sls.step_up.rules import Stage


def begin(pending: Pending, *, origin: Origin) -> None:
    """The password was right: from here on the best way is asked, and a code sent where one is."""
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        now = timezone.now()
        best = next(iter(proofs.ways(pending)), None)
        challenge = _open(pending, best, user=user, origin=origin) if best else None
        waiting = Pending.objects.filter(pk=pending.pk, password_at=None, expires_at__gt=now)
        begun = waiting.update(
            password_at=now,
            expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
            challenge=challenge,
            openings=1,
        )
        if begun != 1:
            # The same page was posted twice; the first has its code.
            transaction.set_rollback(True)


def _open(
    pending: Pending, way: Way, *, user: User, origin: Origin, delivery: Channel | None = None
) -> Challenge:
    """The caller holds the user's lock and saves what it changed."""
    return registry.get(way.row.method).challenge(
        way.row,
        user=user,
        purpose=Purpose.STEP_UP,
        bound_to=pending.digest,
        origin=origin,
        delivery=delivery,
    )


def _replace(pending: Pending, way: Way, *, user: User, origin: Origin, **delivery) -> None:
    challenges.cancel(user_id=user.pk, bound_to=pending.digest)
    pending.challenge = _open(pending, way, user=user, origin=origin, **delivery)
    pending.save(update_fields=["challenge", "openings", "switches"])


def choose(pending: Pending, *, number: int, origin: Origin) -> Problem | None:
    """Proves by another way, or anew by the same one once its challenge is over; while it is open,
    a phone is rung again."""
    try:
        with transaction.atomic():
            return _choose(pending, number=number, origin=origin)
    except limits.TooMany as spent:
        return wording.asked_too_often(spent.retry_after)


def _choose(pending: Pending, *, number: int, origin: Origin) -> Problem | None:
    user = _lock(pending)
    if services.stage(pending) is not Stage.CODE:
        return own_wording.over()
    way = next((way for way in proofs.ways(pending) if way.number == number), None)
    if way is None:
        return own_wording.unknown_way()
    present = pending.challenge
    if present is None or not _is_by(way, present):
        pending.switches += 1
    elif present.is_open(timezone.now()):
        registry.ring(present, user=user, origin=origin)
        return None
    else:
        pending.openings += 1
    if (
        pending.switches > settings.SWITCHES_PER_ATTEMPT
        or pending.openings > settings.CHALLENGES_PER_ATTEMPT
    ):
        return wording.no_more()
    _replace(pending, way, user=user, origin=origin)
    return None


def _lock(pending: Pending) -> User:
    """The user's lock; what was read before it may have been used or replaced in the meantime."""
    user = audit.lock(pending.user_id)
    pending.refresh_from_db(from_queryset=Pending.objects.select_related("user", "challenge"))
    return user


def _is_by(way: Way, challenge: Challenge) -> bool:
    return way.is_of(device=challenge.device, destination=challenge.destination)


def resend(pending: Pending, *, channel: Channel, origin: Origin) -> Problem | None:
    """Sends the same code again; once it is over, a new one, without asking for the password."""
    if pending.challenge is None or not registry.get(pending.challenge.method).channels:
        return None
    with transaction.atomic():
        user = _lock(pending)
        if services.stage(pending) is not Stage.CODE:
            return own_wording.over()
        challenge = pending.challenge
        if challenge.is_open(timezone.now()):
            decided = sending.send_code(challenge, user=user, channel=channel, origin=origin)
        else:
            decided = _reopen(pending, user=user, channel=channel, origin=origin)
        if decided.bar is None:
            audit.record(
                Event.CODE_RESENT,
                user=user,
                origin=origin,
                detail={"channel": channel.value, "to": masked_phone(challenge.destination)},
            )
    return None if decided.bar is None else wording.of_sending(decided, timezone.now())


def _reopen(pending: Pending, *, user: User, channel: Channel, origin: Origin) -> Sending:
    """A new challenge to the same number, if it is still one that may prove."""
    over = pending.challenge
    decided = sending.may_reopen(over, openings=pending.openings)
    if decided.bar is not None:
        return decided
    way = next((way for way in proofs.ways(pending) if _is_by(way, over)), None)
    if way is None:
        return Sending(None, Bar.REFUSED_NUMBER, 0)
    pending.openings += 1
    _replace(pending, way, user=user, origin=origin, delivery=channel)
    return decided


def answer(pending: Pending, *, text: str, origin: Origin) -> Problem | None:
    """Takes an answer. Returns None when the request is granted now.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    challenge = pending.challenge
    if challenge is None:
        return own_wording.over()
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        rows = [way.row for way in proofs.ways(pending)]
        return recognise.unread(read.problem, text=text, asked=challenge, ways=rows)
    ended: list[Problem | None] = []
    then = Then(
        lock=lambda: (standing.lock(pending.user, origin=origin), challenges.lock(challenge.pk)),
        do=lambda user: ended.append(_grant(pending, user=user, origin=origin)),
    )
    verdict = method.verify(challenge, read.answer, origin=origin, then=then)
    if verdict.is_ok:
        return ended[-1]
    if verdict.outcome is Outcome.EXPIRED and not method.channels:
        return _renew(pending, origin=origin)
    if verdict.evaluated:
        _record_failure(pending, verdict, origin)
    challenge.refresh_from_db()
    problem = own_wording.of_verdict(verdict, sent=bool(method.channels))
    rows = [way.row for way in proofs.ways(pending)]
    return recognise.wrong(problem, text=text, asked=challenge, ways=rows)


def _renew(pending: Pending, *, origin: Origin) -> Problem:
    """What the device had to answer has lapsed: asks anew, without the password."""
    ways = proofs.ways(pending)
    way = next((way for way in ways if _is_by(way, pending.challenge)), None)
    if way is None:
        return own_wording.unknown_way()
    return choose(pending, number=way.number, origin=origin) or own_wording.renewed()


def _grant(pending: Pending, *, user: User, origin: Origin) -> Problem | None:
    """In the transaction that found the answer right; ``user`` is from ``standing.lock``."""
    challenge = pending.challenge
    device = row_id(challenge.device)
    if standing.bar(user, strength=registry.get(challenge.method).strength):
        return own_wording.barred()
    now = timezone.now()
    still = [registry.still_proves(challenge.method, device=device, user_id=user.pk)]
    if number := challenge.destination:
        # Removed since, or its SIM card turned out to be new.
        still.append(reached.still_trusted(user_id=user.pk, number=number))
    waiting = Pending.objects.filter(
        *still,
        pk=pending.pk,
        challenge_id=challenge.pk,
        password_at__isnull=False,
        granted_at=None,
        used_at=None,
        expires_at__gt=now,
    )
    if waiting.update(granted_at=now, expires_at=now + rules.GRANTED) != 1:
        return own_wording.over()
    detail: dict[str, object] = {"action": pending.action, "method": challenge.method}
    if challenge.destination:
        detail["to"] = masked_phone(challenge.destination)
    if rules.TABLE[pending.action].window:
        detail["minutes"] = rules.GRANTED // timedelta(minutes=1)
    audit.record(Event.IDENTITY_VERIFIED, user=user, origin=origin, detail=detail)
    return None


def _record_failure(pending: Pending, verdict: Verdict, origin: Origin) -> None:
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        outcome.record(
            Event.IDENTITY_FAILED,
            pending.challenge,
            verdict,
            user=user,
            origin=origin,
            action=pending.action,
        )
        failures.tell_if_repeated(user=user, action=pending.action, origin=origin)
