"""Approvals: a push is opened with a challenge, seen, approved or refused, and used once.

A push waits for one user at a time; a new one takes the place of the one before (C5).
"""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import codes, gathered, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.origin import Origin
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods.ib_key import rules, signing
from sls.methods.ib_key.models import IbKeyDevice, Push
from sls.methods.ib_key.rules import State, Why

WINDOW = timedelta(minutes=10)


def open_push(
    device: IbKeyDevice, challenge: Challenge, *, user: User, origin: Origin
) -> Push | None:
    """Asks the phone to approve ``challenge``; None where it is not asked by pushes, or was asked
    too often in the last minutes without success. The caller holds the user's lock."""
    if not device.seamless:
        return None
    now = timezone.now()
    before = _before(device.user_id, now)
    if rules.push_in(_without_success(before), **_caps(now)):
        return None
    _supersede([one.pk for one in before if one.stored == State.WAITING], now)
    return _push(device, challenge, user=user, origin=origin, now=now)


def push_again(device: IbKeyDevice, challenge: Challenge, *, user: User, origin: Origin) -> None:
    """Asks for the same challenge once more, in the place of the push before. Two alerts at once
    teach people to guess, so one that waits is not repeated for some seconds (C6). Raises
    ``limits.TooMany``. The caller holds the user's lock."""
    now, last = timezone.now(), of_challenge(challenge)
    if not device.seamless or (last is not None and last.state is State.APPROVED):
        return
    waits = last is not None and last.state is State.WAITING
    if waits and (wait := rules.again_in(last.created_at, now=now)):
        raise limits.TooMany(wait)
    before = _before(device.user_id, now)
    if wait := rules.push_in(_without_success(before), **_caps(now)):
        raise limits.TooMany(wait)
    _supersede([one.pk for one in before if one.stored == State.WAITING], now)
    _push(device, challenge, user=user, origin=origin, now=now)


def _push(
    device: IbKeyDevice, challenge: Challenge, *, user: User, origin: Origin, now: datetime
) -> Push:
    push = Push(
        id=uuid.uuid4(),
        user_id=device.user_id,
        device=device,
        challenge=challenge,
        platform=origin.platform,
        address=origin.address,
        agent=origin.agent,
        created_at=now,
        expires_at=challenge.expires_at,
    )
    push.put(codes.numeric(rules.MATCH_DIGITS))
    push.save(force_insert=True)
    if device.is_notified:
        outbox.enqueue(
            user=user,
            channel=Channel.PUSH,
            name="approval_request",
            to=str(device.endpoint_id),
            language=user.language,
            context={"kind": "approval", "id": str(push.pk)},
            about=str(push.pk),
            expires_at=challenge.expires_at,
            phrase="",
        )
    return push


@dataclass(frozen=True, slots=True)
class _Before:
    """A push of the last minutes, or one that is still marked as waiting."""

    pk: uuid.UUID
    at: datetime
    stored: str


def _before(user_id: int, now: datetime) -> list[_Before]:
    """Newest first. One query."""
    recent = models.Q(created_at__gt=now - WINDOW) | models.Q(stored=State.WAITING)
    rows = Push.objects.filter(recent, user_id=user_id).order_by("-created_at")
    names = ("pk", "created_at", "stored")
    return [_Before(*row) for row in rows.values_list(*names)[: settings.IB_KEY_PUSHES + 1]]


def _without_success(before: Sequence[_Before]) -> list[datetime]:
    """Only those count: nobody is shut out by signing in."""
    rows = itertools.takewhile(lambda one: one.stored != State.APPROVED, before)
    return [one.at for one in rows]


def _caps(now: datetime) -> dict[str, Any]:
    return {"now": now, "most": settings.IB_KEY_PUSHES, "within": WINDOW}


def end_all(device: IbKeyDevice, now: datetime) -> None:
    """Another phone takes the place of this one: what waits for its user ends, and what waits to be
    sent to it is taken back."""
    waiting = Push.objects.filter(user_id=device.user_id, stored=State.WAITING)
    gathered.end(waiting, kind="superseded", stored=State.SUPERSEDED, ended_at=now)
    if device.endpoint_id is not None:
        outbox.abort_notifications(device.user_id, to=device.endpoint_id)


def _supersede(waiting: list[uuid.UUID], now: datetime) -> None:
    for push_id in waiting:
        outbox.abort_queued(str(push_id))
    if waiting:
        rows = Push.objects.filter(pk__in=waiting, stored=State.WAITING)
        rows.update(stored=State.SUPERSEDED, ended_at=now)


def of_challenge(challenge: Challenge) -> Push | None:
    """The last push of a challenge, with it. One query."""
    mine = Push.objects.select_related("challenge", "device").filter(challenge=challenge)
    return mine.order_by("-created_at").first()


def last_of(device: IbKeyDevice) -> Push | None:
    """The last push to a phone. One query."""
    mine = Push.objects.select_related("challenge").filter(device=device)
    return mine.order_by("-created_at").first()


def is_approved(challenge: Challenge) -> bool:
    """Whether the phone has approved ``challenge`` and nothing used that up yet. One query."""
    return Push.objects.filter(challenge=challenge, stored=State.APPROVED).exists()


def see(device: IbKeyDevice, push_id: uuid.UUID) -> bool:
    """The app has shown it. False for a push that is none of this phone."""
    mine = Push.objects.filter(pk=push_id, device=device)
    if mine.filter(seen_at=None).update(seen_at=timezone.now()):
        IbKeyDevice.objects.filter(pk=device.pk).update(push_seen_at=timezone.now())
        return True
    return mine.exists()


def approve(
    device: IbKeyDevice,
    push_id: uuid.UUID,
    *,
    digits: str,
    action: str,
    at: int,
    signature: bytes | None,
    origin: Origin,
    site: str,
) -> State | None:
    """Takes an approval, once. None for a push that is none of this phone, or that it did not sign.

    The same approval sent again is answered as the first time. Other digits than those of the page
    end the push: it is not there to be guessed at (SECURITY A16).
    """
    with transaction.atomic():
        user = audit.lock(device.user_id)
        push = _of(device, push_id)
        if push is None:
            return None
        text = signing.approval_text(
            push=str(push.pk), digits=digits, action=action, origin=site, at=at
        )
        if not signing.is_signed(device.public_key, text, signature):
            return None
        if push.stored == State.APPROVED and bytes(push.signature or b"") == signature:
            return State.APPROVED
        if push.state is not State.WAITING:
            return push.state
        push.stored = State.APPROVED if _is_shown(push, digits) else State.WRONG
        push.ended_at, push.signature = timezone.now(), signature
        push.save(update_fields=["stored", "ended_at", "signature"])
        if push.stored == State.WRONG:
            _record(Event.PUSH_REFUSED, user=user, why="digits", origin=origin)
        return State(push.stored)


def _is_shown(push: Push, digits: str) -> bool:
    try:
        return codes.same(push.shown(), digits)
    except CannotOpen:
        return False


def refuse(device: IbKeyDevice, push_id: uuid.UUID, *, why: Why, origin: Origin) -> State | None:
    """Ends a push that waits, and the challenge with it: a refused sign-in is over, however else
    it could be proved. None for a push that is none of this phone."""
    with transaction.atomic():
        user = audit.lock(device.user_id)
        push = _of(device, push_id)
        if push is None:
            return None
        if push.state is not State.WAITING:
            return push.state
        now = timezone.now()
        push.stored, push.why, push.ended_at = State.REFUSED, why, now
        push.save(update_fields=["stored", "why", "ended_at"])
        if why is not Why.CANCELLED:
            open_ones = Challenge.objects.filter(pk=push.challenge_id, used_at=None)
            open_ones.update(cancelled_at=now)
        _record(Event.PUSH_REFUSED, user=user, why=why, origin=origin)
        return State.REFUSED


def _of(device: IbKeyDevice, push_id: uuid.UUID) -> Push | None:
    mine: QuerySet[Push] = Push.objects.select_related("challenge").filter(device=device)
    return mine.filter(pk=push_id).first()


def _record(event: Event, *, user: User, why: str, origin: Origin) -> None:
    audit.record(event, user=user, origin=origin, detail={"why": why, "method": "ib_key"})
