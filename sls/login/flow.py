"""The whole sign-in: begin, choose, resend, answer, status. Knows no request and no page."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Sending, Verdict
from accounts.challenges.sending import may_send, send_code
from accounts.challenges.wording import Problem
from accounts.contacts.rules import masked_phone
from accounts.contacts.services import first_phone
from accounts.origin import Origin, digest
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.outbox.wording import delivery
from accounts.passwords.proof import Proof, prove
from accounts.prepared import prepared
from accounts.rows import insert
from accounts.users.models import User
from sls.login import offers, rules, shown, wording
from sls.login.finish import finish
from sls.login.models import Attempt
from sls.login.rules import Why
from sls.login.steps import Progress, Refused, Step
from sls.methods import outcome, recognise, registry
from sls.methods.protocol import DeviceRow
from sls.methods.sms import services as sms
from sls.policy import services as policy


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for along with the name: kept in the attempt."""

    public_computer: bool = False
    next_path: str = ""
    browser: str = ""  # the cookie that binds the attempt to its browser; "" for an API


@dataclass(frozen=True, slots=True)
class Begun:
    """Either a ``problem``, or an ``attempt`` and the ``token`` that finds it again.

    ``proof`` tells how long the hash took, for ``pace.even``.
    """

    proof: Proof
    problem: Problem | None = None
    attempt: Attempt | None = None
    token: str = ""


def begin(*, username: str, password: str, origin: Origin, wish: Wish) -> Begun:
    """Name and password. Raises what ``proof.prove`` raises; nothing else is slow."""
    user = User.objects.by_name(username)
    proof = prove(name=username, user=user, password=password, origin=origin, at="sign_in")
    if not proof.right:
        return Begun(proof, wording.of_proof(proof))
    return _start(user, proof, origin=origin, wish=wish)


def begin_enrolment(*, user: User, origin: Origin, wish: Wish) -> Begun:
    """The sign-in of somebody who has just set a first password: straight on to the number."""
    proof = Proof(right=True, known_device=False, had_failures=False)
    return _start(user, proof, origin=origin, wish=wish)


def _start(known: User, proof: Proof, *, origin: Origin, wish: Wish) -> Begun:
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        user = policy.lock(known.pk)
        standing = policy.standing(user)
        devices = registry.devices(user.pk)
        phone = None if devices or user.activated_at else first_phone(user.pk)
        decision = rules.decide(
            rules.Facts(
                active=user.is_active,
                activated=user.activated_at is not None,
                ways=[offers.way(row) for row in devices],
                has_number=phone is not None,
                least=standing.least,
                holds_strong=user.holds_strong,
            )
        )
        if isinstance(decision, rules.Refuse):
            audit.record(
                Event.SIGN_IN_REFUSED, user=user, origin=origin, detail={"why": decision.why}
            )
            return Begun(proof, Problem(decision.why, wording.refused(decision.why)))
        attempt = Attempt(
            digest=digest(token),
            browser=digest(wish.browser) if wish.browser else "",
            user=user,
            platform=origin.platform,
            public_computer=wish.public_computer,
            next_path=wish.next_path,
            enrolling=isinstance(decision, rules.Enrol),
            known_device=proof.known_device,
            used_here=proof.used_here,
            had_failures=proof.had_failures,
            created_at=now,
            expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
        )
        if attempt.enrolling:
            row = sms.pending(user=user, phone=phone)
        else:
            row = offers.keep(attempt, decision, devices, standing)
        choosing = isinstance(decision, rules.Choose)
        if not choosing:
            attempt.challenge = ask(attempt, row, user=user, origin=origin)
        insert(attempt)
        audit.record(
            Event.SIGN_IN_STARTED,
            user=user,
            origin=origin,
            detail={"method": "" if choosing else row.method},
        )
    return Begun(proof, attempt=attempt, token=token)


def ask(
    attempt: Attempt,
    row: DeviceRow,
    *,
    user: User,
    origin: Origin,
    delivery: Channel | None = None,
) -> Challenge:
    """Opens a challenge of the attempt for ``row``; the caller saves the attempt."""
    return registry.get(row.method).challenge(
        row,
        user=user,
        purpose=Purpose.ENROLMENT if attempt.enrolling else Purpose.SIGN_IN,
        bound_to=attempt.digest,
        origin=origin,
        delivery=delivery,
    )


def find(token: str) -> Attempt | None:
    """The attempt of this token, with its user and challenge, in one query."""
    return _of_token.first(digest=digest(token))


@prepared
def _of_token(digest: str) -> QuerySet[Attempt]:
    return Attempt.objects.select_related("user", "challenge").filter(digest=digest)


def show(attempt: Attempt, error: Problem | None = None) -> Step:
    """The step the attempt is at. Changes nothing."""
    ended = over(attempt)
    if ended:
        return ended
    if attempt.challenge is None:
        return shown.methods(attempt, error)
    return shown.question(attempt, error)


def over(attempt: Attempt) -> Refused | None:
    """Why the attempt leads nowhere any more, or None while it does."""
    if not attempt.is_live(timezone.now()):
        why = Why(attempt.ended_why) if attempt.ended_why else Why.EXPIRED
    elif not attempt.user.is_active:
        why = Why.INACTIVE
    else:
        return None
    return Refused(why, wording.refused(why))


def choose(attempt: Attempt, *, device: str, origin: Origin) -> Problem | None:
    """Takes one of the user's authenticators; the one in use already is left as it is."""
    try:
        with transaction.atomic():
            return _choose(attempt, device=device, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _choose(attempt: Attempt, *, device: str, origin: Origin) -> Problem | None:
    user = audit.lock(attempt.user_id)
    attempt.refresh_from_db(from_queryset=Attempt.objects.select_related("user", "challenge"))
    if over(attempt) or (attempt.challenge and attempt.challenge.device == device):
        return None
    row = next((row for row in offers.rows(attempt) if row.id == device), None)
    if row is None or attempt.enrolling:
        return wording.unknown_device()
    if attempt.switches >= settings.SWITCHES_PER_ATTEMPT:
        return code_wording.of_sending(Sending(None, Bar.OPENINGS_CAP, 0), timezone.now())
    challenges.cancel(user_id=user.pk, bound_to=attempt.digest)
    challenge = ask(attempt, row, user=user, origin=origin)
    attempt.switches += 1
    attempt.challenge = challenge
    attempt.save(update_fields=["challenge", "switches"])
    return None


def resend(attempt: Attempt, *, channel: Channel, origin: Origin) -> Problem | None:
    """Sends the same code again; once it has expired, opens a new challenge with a new code.

    Returns why that is not allowed now, with the seconds to wait; None when it is on its way.
    """
    if over(attempt):
        return None
    if attempt.challenge is None or not registry.get(attempt.challenge.method).channels:
        return wording.not_sent()
    with transaction.atomic():
        user = audit.lock(attempt.user_id)
        # What was read before the lock may have been used or replaced in the meantime.
        attempt.refresh_from_db(from_queryset=Attempt.objects.select_related("user", "challenge"))
        challenge = attempt.challenge
        if over(attempt):
            return None
        if challenge.is_open(timezone.now()):
            sending = send_code(challenge, user=user, channel=channel, origin=origin)
        else:
            sending = _reopen(attempt, user=user, channel=channel, origin=origin)
        if sending.bar is not None:
            return code_wording.of_sending(sending, timezone.now())
        audit.record(
            Event.CODE_RESENT,
            user=user,
            origin=origin,
            detail={"channel": channel.value, "to": masked_phone(challenge.destination)},
        )
    return None


def _reopen(attempt: Attempt, *, user: User, channel: Channel, origin: Origin) -> Sending:
    """A new challenge in the same attempt, if both the attempt and the number allow one."""
    old, now = attempt.challenge, timezone.now()
    if attempt.openings >= settings.CHALLENGES_PER_ATTEMPT:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    sending = may_send(old, outbox.code_sends(old.destination, now), now)
    if sending.bar not in (None, Bar.CHALLENGE_CAP):
        return sending
    row = row_of(attempt, user)
    if row is None:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    attempt.openings += 1
    attempt.challenge = ask(attempt, row, user=user, origin=origin, delivery=channel)
    attempt.save(update_fields=["challenge", "openings"])
    return Sending(now, None, sending.left)


def row_of(attempt: Attempt, user: User) -> DeviceRow | None:
    """The authenticator that the attempt asks, if it can still prove something."""
    if attempt.enrolling:
        phone = first_phone(user.pk)
        return sms.pending(user=user, phone=phone) if phone else None
    wanted = attempt.challenge.device
    return next((row for row in registry.devices(user.pk) if row.id == wanted), None)


def answer(attempt: Attempt, *, text: str, origin: Origin) -> Step:
    """Judges what was typed. A wrong code is counted before anything else and sends nothing."""
    ended = over(attempt)
    if ended:
        return ended
    challenge = attempt.challenge
    if challenge is None:
        return show(attempt)
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        ways = offers.choice(attempt)
        problem = recognise.unread(read.problem, text=text, asked=challenge, ways=ways)
        return shown.question(attempt, problem)
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.is_ok:
        return finish(attempt, origin=origin)
    if verdict.evaluated:
        _record_failure(attempt, verdict, origin)
    attempt.challenge.refresh_from_db()
    problem = code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)
    ways = offers.choice(attempt)
    problem = recognise.wrong(problem, text=text, asked=challenge, ways=ways)
    return shown.question(attempt, problem)


def _record_failure(attempt: Attempt, verdict: Verdict, origin: Origin) -> None:
    with transaction.atomic():
        user = audit.lock(attempt.user_id)
        outcome.record(Event.SIGN_IN_FAILED, attempt.challenge, verdict, user=user, origin=origin)


def status(attempt: Attempt) -> Progress:
    """What became of the last message of the present challenge. One query.

    No ``delivery`` once the sign-in is over, whatever ended it: the page itself knows more.
    """
    challenge, now = attempt.challenge, timezone.now()
    if over(attempt) or challenge is None or not registry.get(challenge.method).channels:
        return Progress(None, expired=True)
    latest = outbox.latest(str(challenge.pk))
    return Progress(delivery(latest, now), expired=not challenge.is_open(now))


def purge() -> int:
    """Deletes attempts that ended long ago (``CHALLENGE_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.CHALLENGE_KEEP_DAYS)
    return Attempt.objects.filter(expires_at__lt=before).delete()[0]
