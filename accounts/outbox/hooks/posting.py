"""One post to one endpoint: signed, sent, and what its answer means for both."""

import logging
import random
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.outbox.errors import Advice, Error, Kind, Meaning
from accounts.outbox.hooks import rules
from accounts.outbox.hooks.models import Hook, Off
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.ports import Accepted, Answer, Busy, HookPoster, Refused

OFF = "off"
GONE = 410
TAKEN = 60  # seconds after which a post counts as lost, and makes room for another
_NO = Error(Kind.NUMBER, Meaning.OURS, Advice.NONE)  # staff read the log of the endpoint

log = logging.getLogger(__name__)


def waits_until(message: Message, now: datetime) -> datetime | None:
    """Until when a post has to wait, because its endpoint rests or enough are on the way.

    None has more than half of the places, so that one that takes its time leaves room for others.
    Workers that ask in the same instant may all go: the bound is one of load, not of safety.
    """
    rests = Hook.objects.filter(pk=message.to, rests_until__gt=now)
    if until := rests.values_list("rests_until", flat=True).first():
        return until
    lately = now - timedelta(seconds=TAKEN)
    on_the_way = Message.objects.filter(
        status=Status.SENDING, channel=Channel.HOOK, posting_at__gt=lately, changed_at__gt=lately
    )
    held, most = list(on_the_way.values_list("to", flat=True)), settings.WEBHOOKS_AT_ONCE
    if len(held) < most and held.count(message.to) < max(1, most // 2):
        return None
    return now + timedelta(seconds=1 + 2 * random.random())  # noqa: S311  (spreads load)


def is_off(message: Message) -> bool:
    """Whether nothing is posted to the endpoint any more."""
    return not Hook.objects.filter(pk=message.to, off="").exists()


def next_of(message: Message) -> UUID | None:
    """What waits longest for the endpoint that has just taken ``message``: it is back, so that
    nothing waits for its next try any more."""
    waiting = Message.objects.filter(channel=Channel.HOOK, to=message.to, status=Status.QUEUED)
    pk = waiting.order_by("created_at").values_list("pk", flat=True).first()
    if pk is not None:
        Message.objects.filter(pk=pk, status=Status.QUEUED).update(retry_at=None)
    return pk


def post(message: Message, content: dict, hooks: HookPoster) -> Accepted:
    """Posts once, and writes down what came of it. Raises ``Busy`` and ``Refused``."""
    hook = Hook.objects.filter(pk=message.to, off="").first()
    if hook is None:
        raise Refused(0, _NO, OFF)
    at_home = not settings.PRODUCTION
    if rules.refusal(hook.url, at_home=at_home):
        raise Refused(0, _NO, "address")
    body = content["text"].encode()
    keys = [(key.kid, key.opened()) for key in hook.keys.order_by("place")]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Portal-Webhooks/1",
        "Portal-Event-Id": message.about,
        "Portal-Signature": rules.signature(body, at=int(time.time()), keys=keys),
    }
    began = time.monotonic()
    answer = hooks.post(hook.url, body, headers, at_home=at_home)
    _noted(message, answer, took=time.monotonic() - began)
    return _judged(hook, answer)


def _noted(message: Message, answer: Answer, *, took: float) -> None:
    mine = Message.objects.filter(pk=message.pk)
    status = answer.status or None
    mine.update(answer=status, took_ms=min(int(took * 1000), 60_000), detail=answer.reason)


def _judged(hook: Hook, answer: Answer) -> Accepted:
    mine = Hook.objects.filter(pk=hook.pk)
    if 200 <= answer.status < 300:
        mine.update(failures=0, rests_until=None, answered_at=timezone.now())
        return Accepted("", "")
    if answer.status == GONE:
        _gone(hook)
        raise Refused(GONE, _NO, "gone")
    if answer.status == 429 or answer.status >= 500 or answer.is_worth_another_try:
        wait = rules.rest(hook.failures + 1, asked=answer.retry_after, jitter=random.random())  # noqa: S311
        until = timezone.now() + timedelta(seconds=wait)
        mine.update(failures=F("failures") + 1, rests_until=until)
        raise Busy(answer.reason or f"status {answer.status}", answer.retry_after)
    raise Refused(answer.status, _NO, answer.reason or "refused")


def _gone(hook: Hook) -> None:
    """It will never take another: it is off until somebody of staff switches it on."""
    with transaction.atomic():
        if Hook.objects.filter(pk=hook.pk, off="").update(off=Off.GONE):
            detail = {"endpoint": hook.pk}
            audit.record(Event.HOOK_GONE, user=None, origin=SYSTEM, detail=detail)
            log.error("webhook %s is gone, and switched off", hook.pk)
