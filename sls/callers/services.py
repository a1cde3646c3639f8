from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.audit import services as audit
from accounts.callers import services as callers
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.wording import Problem
from accounts.contacts.reached import trusted_phones
from accounts.origin import Origin
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from sls.callers import wording
from sls.methods import registry
from sls.methods.ib_key import pushes
from sls.methods.ib_key.method import APPROVED
from sls.methods.ib_key.rules import State, Why
from sls.methods.protocol import DeviceRow

# What can be read out. A passkey answers our address alone, and printed codes are for coming back
# in: nobody should get used to reading them to anybody.
READABLE = ("ib_key", "dsc_plus", "authenticator_app", "sms")


@dataclass(frozen=True, slots=True)
class Way:
    """One of the client's ways to prove who they are. ``label`` names it without a whole number;
    ``channels`` are how its code may be sent, none where a device makes it."""

    row: DeviceRow
    label: str
    channels: tuple[Channel, ...] = ()


def ways(user_id: int) -> list[Way]:
    """How the client may prove themselves on the telephone now, best first. Two queries at most.

    Codes go to the verified number that signs in, if nobody added it lately and its SIM card is
    not new.
    """
    rows = [row for row in registry.devices(user_id) if row.method in READABLE]
    rows.sort(key=lambda row: READABLE.index(row.method))
    trusted: set[str] | None = None
    found = []
    for row in rows:
        channels: tuple[Channel, ...] = ()
        if row.destination:
            if trusted is None:
                trusted = {phone.number for phone in trusted_phones(user_id)}
            if row.destination not in trusted:
                continue
            channels = (Channel.SMS, Channel.VOICE) if row.takes_sms else (Channel.VOICE,)
        found.append(Way(row, registry.label(row), channels))
    return found


def ask(*, talk: Talk, way: str, delivery: Channel | None, origin: Origin) -> Problem | None:
    """Asks the client for a proof by one of their ``ways`` (the id of its row); what was asked
    before in this conversation takes no answer any more."""
    usage = limits.take("caller_proofs_per_user", str(talk.user_id))
    if usage.over:
        return wording.too_often(usage.retry_after)
    try:
        with transaction.atomic():
            return _ask(talk, way, delivery, origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _ask(talk: Talk, way: str, delivery: Channel | None, origin: Origin) -> Problem | None:
    user = audit.lock(talk.user_id)
    talk.refresh_from_db()
    if not talk.may_ask:
        return wording.over()
    chosen = next((one for one in ways(user.pk) if one.row.id == way), None)
    if chosen is None or (delivery is not None and delivery not in chosen.channels):
        return wording.no_way()
    challenges.cancel(user_id=user.pk, bound_to=str(talk.pk))
    row = chosen.row if delivery is None else replace(chosen.row, takes_sms=True)
    challenge = registry.get(row.method).challenge(
        row,
        user=user,
        purpose=Purpose.CALLER,
        bound_to=str(talk.pk),
        origin=origin,
        delivery=delivery or next(iter(chosen.channels), None),
    )
    if chosen.channels and outbox.latest(str(challenge.pk)) is None:
        transaction.set_rollback(True)
        return wording.not_sent()
    callers.asked(talk=talk, challenge=challenge, user=user, origin=origin)
    return None


def answer(*, talk: Talk, text: str, origin: Origin) -> Problem | None:
    """Takes what the caller read out, or that they approved on their phone. None when they have
    proven who they are.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    challenge = talk.challenge
    if challenge is None or talk.proof != Proof.ASKED or not talk.is_open:
        return wording.over()
    if challenge.purpose != Purpose.CALLER or challenge.bound_to != str(talk.pk):
        return wording.over()  # another's challenge proves nothing here, whatever points to it
    if text == APPROVED and _was_refused(challenge):
        callers.refused(talk=talk, origin=origin)
        return wording.refused()
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        return read.problem
    verdict = method.verify(challenge, read.answer, origin=origin)
    proof = callers.answered(talk=talk, verdict=verdict, origin=origin)
    if proof is Proof.PASSED:
        return None
    challenge.refresh_from_db()
    tries = challenge.tries_left + 1
    return code_wording.of_verdict(verdict, tries)


def _was_refused(challenge: Challenge) -> bool:
    """Whether the client said on their phone that it was not they who asked."""
    push = pushes.of_challenge(challenge)
    return push is not None and push.state is State.REFUSED and push.why != Why.CANCELLED


def is_waiting(talk: Talk) -> bool:
    """Whether an answer may be typed now."""
    challenge = talk.challenge
    is_asked = talk.is_open and talk.proof == Proof.ASKED and challenge is not None
    return is_asked and challenge.is_open(timezone.now())
