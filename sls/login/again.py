"""The same way asked once more, in the same attempt: the password is not typed again."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import gathered, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import wording as code_wording
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.sending import may_reopen, send_code
from accounts.challenges.wording import Problem
from accounts.contacts.reached import first_phone
from accounts.contacts.rules import masked_phone
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.login import flow, wording
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.methods.sms import services as sms

NEW = "new"  # in the place of a channel


def resend(attempt: Attempt, *, channel: Channel, origin: Origin) -> Problem | None:
    """Sends the same code again; once it has expired, opens a new challenge with a new code.

    Returns why that is not allowed now, with the seconds to wait; None when it is on its way.
    """
    if flow.over(attempt):
        return None
    if attempt.challenge is None or not registry.get(attempt.challenge.method).channels:
        return wording.not_sent()
    with transaction.atomic():
        user = flow.lock(attempt)
        if flow.over(attempt):
            return None
        with audit.together(user):
            return _resend(attempt, user=user, channel=channel, origin=origin)


def _resend(attempt: Attempt, *, user: User, channel: Channel, origin: Origin) -> Problem | None:
    challenge = attempt.challenge
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
    decided = may_reopen(attempt.challenge, openings=attempt.openings)
    if decided.bar is not None:
        return decided
    row = _row_of(attempt, user)
    if row is None:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    _ask(attempt, row, user=user, origin=origin, delivery=channel)
    return decided


def _row_of(attempt: Attempt, user: User) -> DeviceRow | None:
    """The authenticator that the attempt asks, if it can still prove something."""
    if attempt.enrolling:
        phone = first_phone(user.pk)
        return sms.pending(user=user, phone=phone) if phone else None
    wanted = attempt.challenge.device
    found = registry.signing_in(user.pk, attempt.platform)
    return next((row for row in found if row.id == wanted), None)


def _ask(
    attempt: Attempt,
    row: DeviceRow,
    *,
    user: User,
    origin: Origin,
    delivery: Channel | None = None,
) -> None:
    attempt.openings += 1
    attempt.challenge = flow.ask(attempt, row, user=user, origin=origin, delivery=delivery)
    gathered.change(attempt, "challenge", "openings")


def ask_anew(attempt: Attempt, *, origin: Origin) -> Problem | None:
    """Opens a new challenge for the same authenticator once the one before is over; while it is
    open, a phone is rung again.

    For what is made by the authenticator itself; for codes that are sent there is ``resend``, whose
    spacing protects the telephone. Returns why there is none, or None: then the attempt has an
    open challenge, the new one or the old.
    """
    try:
        with transaction.atomic():
            return _ask_anew(attempt, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _ask_anew(attempt: Attempt, *, origin: Origin) -> Problem | None:
    user = flow.lock(attempt)
    challenge = attempt.challenge
    if flow.over(attempt) or challenge is None:
        return None
    if challenge.is_open(timezone.now()):
        registry.ring(challenge, user=user, origin=origin)
        return None
    if registry.get(challenge.method).channels:
        return code_wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    row = _row_of(attempt, user)
    if row is None or attempt.openings >= settings.CHALLENGES_PER_ATTEMPT:
        return code_wording.no_more()
    _ask(attempt, row, user=user, origin=origin)
    return None
