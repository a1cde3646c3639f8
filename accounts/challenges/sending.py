"""The one verb that sends the code of a challenge; every flow that sends goes through it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts import limits, phrase
from accounts.challenges import rules
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Ceilings, Sending
from accounts.limits import Usage
from accounts.origin import Origin
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel, Status

# What somebody may ask for who has proven nothing about the person; staff among them.
BY_ANYBODY = (Purpose.CONTACT, Purpose.RECOVERY, Purpose.UNLOCK, Purpose.CALLER)
# What no code is sent for while everything is stopped: what is left leads to a thaw, or is asked by
# whoever has come that far.
NOT_WHILE_FROZEN = frozenset(Purpose) - {
    *(Purpose.THAW, Purpose.ENROLMENT, Purpose.CONTACT, Purpose.CALLER)
}
# What is sent to a contact that nobody has proven to have yet: no secret of the owner goes there.
TO_STRANGERS = (Purpose.CONTACT, Purpose.ACTIVATION)
# What a code is for that never goes to a new SIM card.
SENSITIVE = (Purpose.STEP_UP, Purpose.RECOVERY, Purpose.DOOR, Purpose.THAW, Purpose.CALLER)
# The message that carries a code where it is no code to be typed on our pages.
NAMES = {Purpose.CALLER: "caller_code"}


def send_code(
    challenge: Challenge,
    *,
    user: Any,
    channel: Channel,
    origin: Origin,
    planned: bool = False,
    name: str = "",
    sensitive: bool = False,
) -> Sending:
    """Queues the code of ``challenge`` for its destination, if it may be sent now.

    The same code every time; an older message that still waits is aborted. ``planned`` queues a
    send that only the spacing forbids for the moment it allows. ``sensitive`` never goes to a new
    SIM card; what is for a purpose among ``SENSITIVE`` never does. Returns what was decided: sent
    when ``bar`` is None, or when it is SPACING and ``planned``. The caller holds the user's lock.
    """
    now = timezone.now()
    if channel is not Channel.EMAIL and guard.refusal(challenge.destination):
        return Sending(None, Bar.REFUSED_NUMBER, 0)
    if user.frozen_at is not None and challenge.purpose in NOT_WHILE_FROZEN:
        return Sending(None, Bar.FROZEN, 0)
    sends = outbox.code_sends(challenge.destination, now)
    sending = may_send(challenge, sends, now)
    if sending.bar is not None and not (planned and sending.bar is Bar.SPACING):
        return sending
    # Acts of staff and of the system come from no address.
    usage = limits.take("sends_per_address", origin.network) if origin.network else Usage(False, 0)
    if usage.over:
        return Sending(now + timedelta(seconds=usage.retry_after), Bar.ADDRESS_CAP, sending.left)
    sends = _without_waiting(challenge, sends)
    message = outbox.enqueue(
        user=user,
        channel=channel,
        name=name or NAMES.get(challenge.purpose, "security_code"),
        to=challenge.destination,
        language=user.language,
        context={"code": challenge.code(), "reference": challenge.reference},
        about=str(challenge.pk),
        is_code=True,
        sensitive=sensitive or challenge.purpose in SENSITIVE,
        expires_at=challenge.expires_at,
        not_before=sending.at if sending.bar else None,
        phrase="" if challenge.purpose in TO_STRANGERS else phrase.of(user),
    )
    if sends is not None:
        at = max(message.created_at, message.not_before)
        made = outbox.CodeSend(at, message.about, message.channel, message.status)
        challenge.just_sent = (message, [*sends, made])
    return replace(sending, left=sending.left - 1)


def _without_waiting(
    challenge: Challenge, sends: list[outbox.CodeSend]
) -> list[outbox.CodeSend] | None:
    """Takes back what waits of the challenge; returns the ``sends`` that are left, None where a
    worker was faster with one of them and they have to be read anew."""
    mine = [send for send in sends if send.about == str(challenge.pk)]
    waiting = [send for send in mine if send.status == Status.QUEUED]
    if mine and outbox.abort_queued(str(challenge.pk)) != len(waiting):
        return None
    return [send for send in sends if send not in waiting]


def may_send(challenge: Challenge, sends: Iterable[outbox.CodeSend], now: datetime) -> Sending:
    """Whether the code may be sent again, from the sends to its number (``code_sends``)."""
    sends = list(sends)
    return rules.may_send(
        now,
        ceilings(challenge.purpose),
        sent_to_number=[send.at for send in sends],
        of_challenge=sum(send.about == str(challenge.pk) for send in sends),
    )


def may_reopen(over: Challenge, *, openings: int) -> Sending:
    """Whether a new challenge may take the place of ``over``, which takes no answer any more, in
    the same request; ``openings`` of them did before. A new code starts no new spacing."""
    now = timezone.now()
    if openings >= settings.CHALLENGES_PER_ATTEMPT:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    decided = may_send(over, outbox.code_sends(over.destination, now), now)
    return replace(decided, bar=None) if decided.bar is Bar.CHALLENGE_CAP else decided


def ceilings(purpose: str) -> Ceilings:
    """The limits of CONTRACT 6 as they are set.

    Verifying a contact, coming back in, lifting a lock and proving a caller stop at half of what a
    number may get in a day: anybody may put anybody's number on a list, type anybody's name, or
    call as somebody, and must not use up what its owner needs for signing in.
    """
    return Ceilings(
        first_gap=timedelta(seconds=settings.FIRST_RESEND_AFTER),
        next_gap=timedelta(seconds=settings.RESEND_AFTER),
        per_challenge=settings.SENDS_PER_CHALLENGE,
        per_number_day=(
            settings.CONTACT_SENDS_PER_NUMBER_DAY
            if purpose in BY_ANYBODY
            else settings.SENDS_PER_NUMBER_DAY
        ),
    )
