"""The one verb that sends the code of a challenge; every flow that sends goes through it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts import limits
from accounts.challenges import rules
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Ceilings, Sending
from accounts.limits import Usage
from accounts.origin import Origin
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel


def send_code(
    challenge: Challenge,
    *,
    user: Any,
    channel: Channel,
    origin: Origin,
    planned: bool = False,
    name: str = "security_code",
) -> Sending:
    """Queues the code of ``challenge`` for its destination, if it may be sent now.

    The same code every time; an older message that still waits is aborted. ``planned`` queues a
    send that only the spacing forbids for the moment it allows. Returns what was decided: sent
    when ``bar`` is None, or when it is SPACING and ``planned``. The caller holds the user's lock.
    """
    now = timezone.now()
    if channel is not Channel.EMAIL and guard.refusal(challenge.destination):
        return Sending(None, Bar.REFUSED_NUMBER, 0)
    sends = outbox.code_sends(challenge.destination, now)
    sending = may_send(challenge, sends, now)
    if sending.bar is not None and not (planned and sending.bar is Bar.SPACING):
        return sending
    # Acts of staff and of the system come from no address.
    usage = limits.take("sends_per_address", origin.network) if origin.network else Usage(False, 0)
    if usage.over:
        return Sending(now + timedelta(seconds=usage.retry_after), Bar.ADDRESS_CAP, sending.left)
    if any(send.about == str(challenge.pk) for send in sends):
        outbox.abort_queued(str(challenge.pk))
    outbox.enqueue(
        user=user,
        channel=channel,
        name=name,
        to=challenge.destination,
        language=user.language,
        context={"code": challenge.code(), "reference": challenge.reference},
        about=str(challenge.pk),
        is_code=True,
        sensitive=challenge.purpose == Purpose.STEP_UP,
        expires_at=challenge.expires_at,
        not_before=sending.at if sending.bar else None,
    )
    return replace(sending, left=sending.left - 1)


def may_send(challenge: Challenge, sends: Iterable[outbox.CodeSend], now: datetime) -> Sending:
    """Whether the code may be sent again, from the sends to its number (``code_sends``)."""
    sends = list(sends)
    return rules.may_send(
        now,
        ceilings(challenge.purpose),
        sent_to_number=[send.at for send in sends],
        of_challenge=sum(send.about == str(challenge.pk) for send in sends),
    )


def ceilings(purpose: str) -> Ceilings:
    """The limits of CONTRACT 6 as they are set.

    Verifying a contact stops at half of what a number may get in a day: anybody may put anybody's
    number on a list, and must not use up what its owner needs for signing in.
    """
    return Ceilings(
        first_gap=timedelta(seconds=settings.FIRST_RESEND_AFTER),
        next_gap=timedelta(seconds=settings.RESEND_AFTER),
        per_challenge=settings.SENDS_PER_CHALLENGE,
        per_number_day=(
            settings.CONTACT_SENDS_PER_NUMBER_DAY
            if purpose == Purpose.CONTACT
            else settings.SENDS_PER_NUMBER_DAY
        ),
    )
