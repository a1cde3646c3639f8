"""The sign-in: begin, choose, answer, status. Knows no request and no page.

The same way asked once more (resend) is in ``again``, what a right answer leads to in ``finish``.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import gathered, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.contacts.reached import first_phone
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.ip_restrictions import door as emergency_door
from accounts.lockout import services as lockout
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin, digest
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.outbox.wording import delivery
from accounts.passwords.proof import Proof, prove
from accounts.prepared import prepared
from accounts.sessions.rules import WEB
from accounts.users.models import User
from sls.login import facts, offers, rules, shown, taking_over, wording
from sls.login.finish import complete, counter, finish, lock_asked, record_refusal
from sls.login.models import Attempt, Door
from sls.login.rules import Why
from sls.login.steps import Progress, Refused, Step
from sls.methods import outcome, recognise, registry
from sls.methods.device import Then
from sls.methods.protocol import DeviceRow
from sls.methods.sms import services as sms
from sls.policy import services as policy


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for along with the name: kept in the attempt."""

    public_computer: bool = False
    next_path: str = ""
    browser: str = ""  # the cookie that binds the attempt to its browser; "" for an API
    client_version: str = ""  # of a platform other than the portal, as its device_name
    device_name: str = ""
    remembers: bool = False  # a program keeps a device token


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
    return _start(user, proof, origin=origin, wish=wish, proven=user.password)


def begin_enrolment(*, user: User, origin: Origin, wish: Wish) -> Begun:
    """The sign-in of somebody who has just set a first password: straight on to the number."""
    proof = Proof(right=True, known_device=False)
    return _start(user, proof, origin=origin, wish=wish)


def _start(
    known: User, proof: Proof, *, origin: Origin, wish: Wish, proven: str | None = None
) -> Begun:
    """``proven`` is the password (encoded) that was compared: it must still be the user's."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        user = facts.lock(known.pk, key=counter(known, origin, proof.known_device))
        if proven is not None and user.password != proven:
            why = Why.PASSWORD_CHANGED
            return Begun(proof, Problem(why, wording.refused(why)))
        with audit.together(user):
            return _ask_or_refuse(user, proof, token, origin=origin, wish=wish)


def _ask_or_refuse(user: User, proof: Proof, token: str, *, origin: Origin, wish: Wish) -> Begun:
    """``user`` is from ``facts.lock``. The attempt, its challenge, the message and the entry are
    written together (``audit.together``)."""
    standing = policy.standing(user)
    devices = registry.signing_in(user.pk, origin.platform)
    risk = facts.weigh(
        user, known_device=proof.known_device, origin=origin, failures=proof.failures
    )
    phone = None if devices or user.activated_at else first_phone(user.pk)
    where = addresses.decide(user=user, origin=origin)
    decision = rules.decide(
        rules.Facts(
            active=user.is_active,
            frozen=is_frozen(user),
            activated=user.activated_at is not None,
            ways=[offers.way(row, origin.platform) for row in devices],
            has_number=phone is not None,
            least=standing.least,
            holds_strong=user.holds_strong,
            locked=lockout.is_locked(user),
            risk=risk.level,
            lost_own=offers.lost_own(user.pk, risk),
            let_in=where.is_let_in,
            on_platform=origin.platform != WEB,
            staff=user.is_staff,
            password_demanded=user.password_demanded_at is not None,
        )
    )
    attempt = Attempt.of(
        token,
        user=user,
        origin=origin,
        browser=wish.browser,
        public_computer=wish.public_computer,
        next_path=wish.next_path,
        enrolling=isinstance(decision, rules.Enrol),
        known_device=proof.known_device,
        used_here=proof.used_here,
        had_failures=proof.failures > 0,
        unusual=",".join(risk.signals),
        client_version=wish.client_version,
        device_name=wish.device_name,
        remembers=wish.remembers,
    )
    if isinstance(decision, rules.Refuse):
        why = decision.why
        record_refusal(why, risk, user=user, origin=origin)
        if why is not Why.ADDRESS:
            return Begun(proof, Problem(why, wording.refused(why)))
        # The door is in the portal: what leads there is bound to a browser.
        if not (wish.browser and emergency_door.standing(user).works):
            return Begun(proof, Problem(why, wording.shut_out()))
        attempt.door = Door.OFFERED
        gathered.insert(attempt)
        return Begun(proof, attempt=attempt, token=token)
    if attempt.enrolling:
        row = sms.pending(user=user, phone=phone)
    else:
        row = offers.keep(attempt, decision, devices, standing)
    choosing = isinstance(decision, rules.Choose)
    if not choosing:
        attempt.challenge = ask(attempt, row, user=user, origin=origin)
    gathered.insert(attempt)
    audit.record(
        Event.SIGN_IN_STARTED,
        user=user,
        origin=origin,
        detail={"method": "" if choosing else row.method, **facts.detail(risk, origin=origin)},
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
        purpose=_purpose(attempt),
        bound_to=attempt.digest,
        origin=origin,
        delivery=delivery,
    )


def _purpose(attempt: Attempt) -> Purpose:
    if attempt.unlocking:
        return Purpose.UNLOCK
    if attempt.way_back:
        return Purpose.THAW
    if attempt.door:
        return Purpose.DOOR
    return Purpose.ENROLMENT if attempt.enrolling else Purpose.SIGN_IN


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
    why = closed(attempt)
    if why is None and attempt.door in (Door.OFFERED, Door.MAIL):
        why = Why.ADDRESS  # what is asked at the emergency door is asked there (``door.py``)
    if why is None and attempt.proven:
        why = Why.SESSION_IN_USE
    return Refused(why, wording.refused(why)) if why else None


def closed(attempt: Attempt) -> Why | None:
    """Why nothing at all is asked in the attempt any more, or None while something is."""
    if not attempt.is_live(timezone.now()):
        return Why(attempt.ended_why) if attempt.ended_why else Why.EXPIRED
    user, back = attempt.user, attempt.way_back
    if back and not is_frozen(user):
        return Why.EXPIRED
    bar = may_authenticate(
        active=user.is_active, frozen=is_frozen(user), locked=False, to_thaw=back
    )
    return Why(bar) if bar else None


def lock(attempt: Attempt) -> User:
    """The user's lock; what was read before it may have been used or replaced in the meantime."""
    user = audit.lock(attempt.user_id)
    # As ``refresh_from_db`` does it, by a statement that is prepared.
    vars(attempt).update(vars(_of_token.one(digest=attempt.pk)))
    return user


def choose(attempt: Attempt, *, device: str, origin: Origin) -> Problem | None:
    """Takes one of the user's authenticators; the one in use already is left as it is."""
    try:
        with transaction.atomic():
            return _choose(attempt, device=device, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _choose(attempt: Attempt, *, device: str, origin: Origin) -> Problem | None:
    user = lock(attempt)
    if over(attempt) or (attempt.challenge and attempt.challenge.device == device):
        return None
    row = next((row for row in offers.rows(attempt) if row.id == device), None)
    if row is None or attempt.enrolling:
        return wording.unknown_device()
    if attempt.switches >= settings.SWITCHES_PER_ATTEMPT:
        return code_wording.no_more()
    challenges.cancel(user_id=user.pk, bound_to=attempt.digest)
    challenge = ask(attempt, row, user=user, origin=origin)
    attempt.switches += 1
    attempt.challenge = challenge
    attempt.save(update_fields=["challenge", "switches"])
    return None


def answer(attempt: Attempt, *, text: str, origin: Origin, take_over: bool = False) -> Step:
    """Judges what was typed. A wrong code is counted before anything else and sends nothing.

    ``take_over`` ends another trading session of the user that would stand in the way; it may be
    said with an answer, or with the same answer once more.
    """
    if attempt.proven and closed(attempt) is None:
        return _again(attempt, text=text, origin=origin, take_over=take_over)
    ended: list[Step] = []
    what = {"origin": origin, "text": text, "take_over": take_over}
    then = Then(
        lock=lambda: lock_asked(attempt, origin=origin),
        do=lambda user: ended.append(complete(attempt, user=user, **what)),
    )
    return judge(attempt, text=text, origin=origin, then=then) or ended[-1]


def _again(attempt: Attempt, *, text: str, origin: Origin, take_over: bool) -> Step:
    """What was right is not judged twice. It has to be the same, and there is one try."""
    if not take_over:
        return over(attempt)
    if not taking_over.is_same(attempt, text):
        taking_over.give_up(attempt)
        return over(attempt)
    return finish(attempt, origin=origin, text=text, take_over=True)


def judge(attempt: Attempt, *, text: str, origin: Origin, then: Then | None = None) -> Step | None:
    """What to show of an answer that was not right; None of one that was. It is used up."""
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
    verdict = method.verify(challenge, read.answer, origin=origin, then=then)
    if verdict.is_ok:
        return None
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
