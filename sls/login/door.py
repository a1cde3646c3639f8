"""Signing in through the emergency door: from an address that is not on the list.

The password has been proven and the address refused. Then the strongest second factor that the
person holds, in the way of every sign-in (``flow``), then a code to the first e-mail address that
is not new. Only that opens the session and lets the address in for a while (``finish``); whoever
has two of the three gets nowhere.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import codes, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.wording import Problem
from accounts.contacts.reached import is_trusted_email, trusted_email
from accounts.ip_restrictions import door as emergency_door
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.login import flow, offers, wording
from sls.login.finish import finish
from sls.login.models import Attempt, Door
from sls.login.rules import Why
from sls.login.steps import Done, Refused, Step


def over(attempt: Attempt) -> Refused | None:
    """Why nothing is asked at the door any more, or None. The owner may have shut it."""
    why = flow.closed(attempt)
    if why is None and not emergency_door.standing(attempt.user).works:
        why = Why.ADDRESS
    return Refused(why, wording.refused(why)) if why else None


def begin(attempt: Attempt, *, origin: Origin) -> Problem | None:
    """Asks for the strongest second factor; lets choose where there are several as strong."""
    try:
        with transaction.atomic():
            return _begin(attempt, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _begin(attempt: Attempt, *, origin: Origin) -> Problem | None:
    user = audit.lock(attempt.user_id)
    attempt.refresh_from_db(from_queryset=Attempt.objects.select_related("user", "challenge"))
    if over(attempt) or attempt.door != Door.OFFERED:
        return None
    ways = offers.at_the_door(user.pk)
    if not ways or trusted_email(user.pk) is None:
        return Problem(Why.NO_METHOD, wording.refused(Why.NO_METHOD))
    attempt.door, attempt.ways = Door.FACTOR, len(ways)
    if len(ways) == 1:
        attempt.challenge = flow.ask(attempt, ways[0], user=user, origin=origin)
    attempt.save(update_fields=["door", "ways", "challenge"])
    return None


def prove(attempt: Attempt, *, text: str, origin: Origin) -> Step | None:
    """Judges the answer of the factor. None when it was right: a code is on its way by e-mail."""
    step = flow.judge(attempt, text=text, origin=origin)
    if step is not None:
        return step
    with transaction.atomic():
        user = audit.lock(attempt.user_id)
        waiting = Attempt.objects.filter(
            pk=attempt.pk, door=Door.FACTOR, challenge=attempt.challenge, ended_at=None
        )
        if waiting.update(door=Door.MAIL) != 1:
            return Refused(Why.EXPIRED, wording.refused(Why.EXPIRED))
        attempt.door = Door.MAIL
        _send(attempt, user, origin=origin)
    return None


def latest(attempt: Attempt) -> Challenge | None:
    """The last code by e-mail of the attempt. One query."""
    return _mailed(attempt).order_by("-created_at").first()


def _mailed(attempt: Attempt) -> QuerySet[Challenge]:
    return Challenge.objects.filter(
        user_id=attempt.user_id,
        purpose=Purpose.DOOR,
        method=challenges.BY_MAIL,
        bound_to=attempt.digest,
    )


def resend(attempt: Attempt, *, origin: Origin) -> Problem | None:
    """Sends the code again, or a new one once it is over."""
    with transaction.atomic():
        user = flow.lock(attempt)
        if over(attempt) or attempt.door != Door.MAIL:
            return None
        decided = _send(attempt, user, origin=origin)
    return code_wording.of_sending(decided, timezone.now()) if decided.bar else None


def _send(attempt: Attempt, user: User, *, origin: Origin) -> Sending:
    challenge, email = latest(attempt), trusted_email(user.pk)
    if email is None:
        return Sending(None, Bar.REFUSED_NUMBER, 0)
    repeats = (
        challenge is not None
        and challenge.destination == email.address
        and challenge.is_open(timezone.now())
    )
    if not repeats:
        if _mailed(attempt).count() >= settings.CHALLENGES_PER_ATTEMPT:
            return Sending(None, Bar.OPENINGS_CAP, 0)
        challenge = challenges.open_mailed(
            user_id=user.pk,
            purpose=Purpose.DOOR,
            bound_to=attempt.digest,
            to=email.address,
            most=attempt.expires_at - timezone.now(),
        )
    decided = sending.send_code(challenge, user=user, channel=Channel.EMAIL, origin=origin)
    if decided.bar is None:
        event = Event.CODE_RESENT if repeats else Event.CODE_SENT
        detail = {"channel": Channel.EMAIL.value, "to": email.masked}
        audit.record(event, user=user, origin=origin, detail=detail)
    elif not repeats:
        challenge.delete()
    return decided


def enter(attempt: Attempt, *, text: str, origin: Origin) -> Done | Refused | Problem:
    """Judges the code of the e-mail; the right one opens the door and the session.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    ended = over(attempt)
    if ended:
        return ended
    challenge = latest(attempt) if attempt.door == Door.MAIL else None
    # The address may have left the list since.
    if challenge is None or not is_trusted_email(
        user_id=attempt.user_id, address=challenge.destination
    ):
        return code_wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    typed = codes.read(text, length=codes.CODE_LENGTH)
    if problem := code_wording.misread(typed, codes.CODE_LENGTH, challenge.reference):
        return problem
    verdict = challenges.answer(challenge.pk, typed.digits)
    if not verdict.is_ok:
        if verdict.evaluated:
            _record_failure(attempt, origin)
        return code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)
    return finish(attempt, origin=origin, through_door=True)


def _record_failure(attempt: Attempt, origin: Origin) -> None:
    with transaction.atomic():
        user = audit.lock(attempt.user_id)
        detail = {"method": challenges.BY_MAIL, "at": "door"}
        audit.record(Event.SIGN_IN_FAILED, user=user, origin=origin, detail=detail)
