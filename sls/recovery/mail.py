"""The first proof, which everybody is asked for: a code that is mailed and typed.

Nothing here tells whether there is somebody of that name: what is shown is counted in the row of
the recovery, which is written for every name, and what is sent is sent behind it or not at all.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts import codes, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.sending import ceilings, send_code
from accounts.challenges.wording import Problem
from accounts.contacts import reached
from accounts.origin import Origin, digest
from accounts.outbox.models import Channel
from accounts.sessions import browsers
from accounts.users.models import User
from accounts.users.rules import canonical
from accounts.vault import blind_index
from sls.recovery import wording
from sls.recovery.models import Recovery
from sls.recovery.rules import Goal, Stage
from sls.recovery.state import may_pass, stage

PROOF, MESSAGE = "email", "recovery_code"
NOBODY = 0
DAY = timedelta(hours=24)


def begin(*, username: str, goal: Goal, origin: Origin, browser: str) -> str:
    """Begins a recovery for any name and returns its token; mails a code where there is somebody
    to mail it to. ``browser`` is the secret of the cookie that it is bound to."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    found = User.objects.by_name(username)
    name = _key(username, found, origin)
    recovery = Recovery(
        digest=digest(token),
        browser=digest(browser),
        name=name,
        goal=goal,
        reference=codes.reference(),
        asked_at=now,
        tries_left=settings.TRIES_PER_CHALLENGE,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.EMAIL_CODE_LIFE),
    )
    is_open = found is not None and not _spent(name)
    if not (is_open and _send_first(recovery, found, origin)):
        recovery.save(force_insert=True)
        _take_as_if_sent(origin)
    return token


def _key(username: str, user: User | None, origin: Origin) -> str:
    """The counter of a name, apart in a browser that its owner has signed in with before."""
    known = browsers.recognise(user_id=user.pk if user else NOBODY, origin=origin)
    here = origin.device if known else ""
    return blind_index(f"{canonical(username)}\0{here}", "recovery")


def _spent(name: str) -> bool:
    """Whether there were so many wrong codes for a name that no further one is judged today."""
    today = Recovery.objects.filter(name=name, created_at__gt=timezone.now() - DAY)
    return (today.aggregate(sum=Sum("failures"))["sum"] or 0) >= settings.RECOVERY_FAILURES


def _take_as_if_sent(origin: Origin) -> None:
    # Else the rate of an address would tell for which names something was sent.
    limits.take("sends_per_address", origin.network)


def _send_first(recovery: Recovery, found: User, origin: Origin) -> bool:
    with transaction.atomic():
        user = audit.lock(found.pk)
        address = _address(user)
        if address is None:
            return False
        recovery.user, recovery.address = user, address
        challenge = challenges.open_mailed(
            user_id=user.pk,
            purpose=Purpose.RECOVERY,
            bound_to=recovery.digest,
            to=address,
        )
        if not _send(challenge, user, origin):
            challenge.delete()
            recovery.user, recovery.address = None, ""
            return False
        recovery.challenge, recovery.reference = challenge, challenge.reference
        recovery.save(force_insert=True)
        detail = {"goal": recovery.goal}
        audit.record(Event.RECOVERY_STARTED, user=user, origin=origin, detail=detail)
    return True


def _address(user: User) -> str | None:
    """Where codes go: a verified address that is not new."""
    if not may_pass(user):
        return None
    email = reached.trusted_email(user.pk)
    return email.address if email else None


def _send(challenge: Challenge, user: User, origin: Origin) -> bool:
    sending = send_code(
        challenge, user=user, channel=Channel.EMAIL, origin=origin, planned=True, name=MESSAGE
    )
    return sending.bar in (None, Bar.SPACING)


def next_ask(recovery: Recovery, now: datetime) -> Sending:
    """When the mail may be asked for again, told from the row alone."""
    limit = ceilings(Purpose.RECOVERY)
    left = max(0, limit.per_challenge - recovery.asks)
    if not left:
        return Sending(None, Bar.CHALLENGE_CAP, 0)
    at = recovery.asked_at + (limit.first_gap if recovery.asks == 1 else limit.next_gap)
    return Sending(at, Bar.SPACING if at > now else None, left)


def ask_again(recovery: Recovery, *, origin: Origin) -> Problem | None:
    """Mails the same code again; None when the page may say so, whoever's name it is."""
    now = timezone.now()
    if stage(recovery) is not Stage.MAIL:
        return None
    decided = next_ask(recovery, now)
    if decided.bar is not None:
        return code_wording.of_sending(decided, now)
    here = Recovery.objects.filter(pk=recovery.pk, asks=recovery.asks, ended_at=None)
    if here.update(asks=F("asks") + 1, asked_at=now) != 1:
        return None
    if recovery.user is None or recovery.challenge is None:
        _take_as_if_sent(origin)
        return None
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        if recovery.challenge.is_open(now):
            _send(recovery.challenge, user, origin)
    return None


def answer(recovery: Recovery, *, text: str, origin: Origin) -> Problem | None:
    """Takes the code that was mailed. None when it was right.

    Counted before it is compared, and so for every name. Must not be called inside a transaction.
    """
    typed = codes.read(text, length=codes.CODE_LENGTH)
    if problem := code_wording.misread(typed, codes.CODE_LENGTH, recovery.reference):
        return problem
    here = Recovery.objects.filter(pk=recovery.pk, mailed_at=None, ended_at=None)
    spent = _spent(recovery.name)
    tried = here.filter(tries_left__gt=0)
    if tried.update(tries_left=F("tries_left") - 1, failures=F("failures") + 1) != 1:
        return wording.of_mail(Verdict(Outcome.NO_TRIES))
    left = recovery.tries_left - 1
    verdict = Verdict(Outcome.WRONG if left else Outcome.NO_TRIES, left)
    if recovery.challenge_id is not None and not spent:
        judged = challenges.answer(recovery.challenge_id, typed.digits)
        if judged.is_ok:
            return _proven(recovery, origin)
        _record_failure(recovery, judged, origin)
    return wording.of_mail(verdict)


def _proven(recovery: Recovery, origin: Origin) -> Problem | None:
    now = timezone.now()
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        here = Recovery.objects.filter(
            pk=recovery.pk, mailed_at=None, ended_at=None, expires_at__gt=now
        )
        went = here.update(
            mailed_at=now,
            challenge=None,
            failures=F("failures") - 1,
            expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
        )
        if went != 1 or not may_pass(user):
            transaction.set_rollback(True)
            return wording.over()
        detail = {"proof": PROOF}
        audit.record(Event.RECOVERY_PROVEN, user=user, origin=origin, detail=detail)
    return None


def _record_failure(recovery: Recovery, verdict: Verdict, origin: Origin) -> None:
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        detail = {"proof": PROOF, "outcome": verdict.outcome.value}
        audit.record(Event.RECOVERY_FAILED, user=user, origin=origin, detail=detail)
