"""Handing one message over, exactly once as far as the provider allows.

The order is the safety: ``sending`` and its time are committed, then the provider is called
outside every transaction, then the outcome is settled. Whoever finds ``sending`` did not see the
outcome and looks it up; nobody posts a second time. Only what was surely not processed goes back
to the queue, and webhooks, which name their event so that a repeated one is known.
"""

import json
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.outbox import endpoints, errors, guard, lookups, rules, services
from accounts.outbox.hooks import posting
from accounts.outbox.models import TELEPHONE, Channel, Message, Status
from accounts.outbox.ports import (
    Accepted,
    Busy,
    Gateways,
    Letter,
    Notification,
    Refused,
    Sighting,
    Unknown,
    VoiceScript,
)
from accounts.outbox.queue import publish
from accounts.outbox.signals import new_sim
from accounts.outbox.spending import services as spending
from accounts.prepared import Update, prepared, prepared_update
from accounts.vault import CannotOpen

RECONCILE_AFTER = 15  # seconds
NEW_SIM = "new_sim"
VALIDITY_MOST = 300  # seconds a carrier may keep trying
# Twilio's times have whole seconds, and clocks differ.
CLOCKS = timedelta(seconds=3)

log = logging.getLogger(__name__)


def deliver(message_id: UUID, gateways: Gateways) -> None:
    """Hands the message over if it is its turn; safe to call at any time and any number of times.

    Must not run inside a transaction.
    """
    message, now = _of_id.first(pk=message_id), timezone.now()
    if message is None:
        return
    if message.status == Status.SENDING:
        _later(message, now)
        return
    if message.status != Status.QUEUED or (message.retry_at or message.not_before) > now:
        return
    if message.expires_at <= now:
        services.settle(message_id, status=Status.FAILED, detail="expired")
    elif reason := _barred(message, gateways):
        kept = services.settle(message_id, status=Status.FAILED, detail=reason)
        if kept and reason == NEW_SIM:
            _tell_of_new_sim(message, sent=False)
    elif not _put_off(message, now) and _claim(message, now):
        _hand_over(message, gateways)


def _later(message: Message, now: datetime) -> None:
    """Another worker posted, or died posting: the provider knows, once it had time."""
    age = (now - message.posting_at).total_seconds()
    publish("reconcile", message.pk, delay=max(1.0, RECONCILE_AFTER - age))


def _put_off(message: Message, now: datetime) -> bool:
    """Whether a webhook waits: its endpoint rests, or enough are on the way. The sweep brings it
    when its time has come."""
    if message.channel != Channel.HOOK or not (until := posting.waits_until(message, now)):
        return False
    _queued(message).update(retry_at=until, changed_at=now)
    return True


def _barred(message: Message, gateways: Gateways) -> str:
    """Why this message is kept back, or ""."""
    if message.channel == Channel.HOOK and posting.is_off(message):
        return posting.OFF
    if message.channel not in TELEPHONE:
        return ""
    if guard.refusal(message.to):
        return "refused"
    # A retry was counted the first time.
    if message.tries == 0 and spending.stops(message):
        return spending.STOPPED
    if message.tries == 0 and guard.over_budget(message.to):
        return "guard"
    if message.sensitive and lookups.has_new_sim(message.to, gateways.numbers):
        return NEW_SIM
    return ""


def _watch(message: Message) -> None:
    """A code is on its way to a new SIM card: signing in goes on, and it is told."""
    is_call_or_text = message.is_code and message.channel in TELEPHONE
    if is_call_or_text and lookups.is_known_as_new_sim(message.to):
        _tell_of_new_sim(message, sent=True)


def _tell_of_new_sim(message: Message, *, sent: bool) -> None:
    told = {"user_id": message.user_id, "number": message.to, "sent": sent}
    new_sim.send_robust(sender=Message, **told)


def _claim(message: Message, now: datetime) -> bool:
    """Commits that this worker, and no other, calls the provider."""
    claimed = _claimed(pk=message.pk, now=now)
    if claimed:
        message.status, message.posting_at = Status.SENDING, now
        message.tries += 1
    return bool(claimed)


@prepared
def _of_id(pk: UUID) -> QuerySet[Message]:
    return Message.objects.filter(pk=pk)


@prepared_update
def _claimed(pk: UUID, now: datetime) -> Update:
    queued = Message.objects.filter(pk=pk, status=Status.QUEUED)
    taken = {"status": Status.SENDING, "posting_at": now, "changed_at": now}
    return queued, taken | {"tries": F("tries") + 1}


def _queued(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, status=Status.QUEUED)


def _hand_over(message: Message, gateways: Gateways) -> None:
    try:
        accepted = _post(message, gateways)
    except CannotOpen:
        log.exception("message %s cannot be opened", message.pk)
        services.settle(message.pk, status=Status.FAILED, detail="unreadable")
    except Refused as refused:
        _refused(message, refused)
    except Busy as busy:
        _requeue(message, busy)
    except Unknown as unknown:
        _ambiguous(message, unknown.reason)
    except Exception as error:
        # Whatever broke, it may have broken after the request was on the wire.
        log.exception("message %s: outcome not known", message.pk)
        _ambiguous(message, type(error).__name__)
    else:
        _taken(message, accepted)


def _taken(message: Message, accepted: Accepted) -> None:
    is_hook = message.channel == Channel.HOOK
    services.settle(
        message.pk,
        # The answer of a webhook's receiver is the last word.
        status=Status.DELIVERED if is_hook else Status.SENT,
        detail=accepted.detail,
        provider_id=accepted.provider_id,
    )
    _watch(message)
    if is_hook and (following := posting.next_of(message)):
        publish("deliver", following)


def _post(message: Message, gateways: Gateways) -> Accepted:
    content = message.content()
    return _POSTS[message.channel](message, content, gateways)


def _post_sms(message: Message, content: dict, gateways: Gateways) -> Accepted:
    left = (message.expires_at - timezone.now()).total_seconds()
    return gateways.telephone.send_sms(
        message.to,
        content["text"],
        ttl=max(1, min(int(left), VALIDITY_MOST)),
        ref=message.pk,
    )


def _post_call(message: Message, content: dict, gateways: Gateways) -> Accepted:
    script = VoiceScript(
        language=message.language,
        lines=tuple(content["greeting"]),
        action=action(message.pk, turn=0),
    )
    return gateways.telephone.call(message.to, script, ref=message.pk)


def _post_email(message: Message, content: dict, gateways: Gateways) -> Accepted:
    return gateways.mail.send(message.to, Letter(**content), ref=message.pk)


def _post_push(message: Message, content: dict, gateways: Gateways) -> Accepted:
    subscription = endpoints.subscription(message.to)
    if subscription is None:
        raise Refused(410, errors.OVER)
    left = int((message.expires_at - timezone.now()).total_seconds())
    is_alert = content["kind"] == "alert"
    notification = Notification(
        words=json.dumps(content),
        ttl=max(1, left),
        topic=message.pk.hex if is_alert else content["kind"],
        urgent=not is_alert,
    )
    try:
        accepted = gateways.push.notify(subscription, notification)
    except Refused as refused:
        endpoints.refuse(message.to, refused.code)
        raise
    endpoints.accept(message.to)
    return accepted


def _post_hook(message: Message, content: dict, gateways: Gateways) -> Accepted:
    return posting.post(message, content, gateways.hooks)


_POSTS: dict[str, Callable[[Message, dict, Gateways], Accepted]] = {
    Channel.SMS: _post_sms,
    Channel.VOICE: _post_call,
    Channel.EMAIL: _post_email,
    Channel.PUSH: _post_push,
    Channel.HOOK: _post_hook,
}


def action(message_id: UUID, *, turn: int) -> str:
    """The path that is told the key of a call; each ``turn`` is answered once."""
    return f"/twilio/voice/{message_id}/" + (f"?turn={turn}" if turn else "")


def _refused(message: Message, refused: Refused) -> None:
    level = logging.ERROR if refused.error.alarms else logging.INFO
    log.log(level, "%s %s refused with %s", message.channel, message.pk, refused.code)
    services.settle(
        message.pk, status=Status.FAILED, detail=refused.detail, error_code=refused.code
    )


def _requeue(message: Message, busy: Busy) -> None:
    now = timezone.now()
    wait = rules.retry_after(
        message.channel,
        tries=message.tries,
        now=now,
        expires_at=message.expires_at,
        asked=busy.retry_after,
        jitter=random.random(),  # noqa: S311  (spreads load, keeps no secret)
    )
    log.warning("%s %s not taken: %s", message.channel, message.pk, busy.reason)
    if wait is None:
        services.settle(message.pk, status=Status.FAILED, detail="busy")
        return
    # The one step back: nothing was processed, so this try did not happen.
    mine = Message.objects.filter(pk=message.pk, status=Status.SENDING)
    due = now + timedelta(seconds=wait)
    is_soon = message.channel != Channel.HOOK  # the others are brought by the sweep
    if mine.update(status=Status.QUEUED, retry_at=due, changed_at=now) and is_soon:
        publish("deliver", message.pk, delay=wait)


def _ambiguous(message: Message, reason: str) -> None:
    if message.channel == Channel.HOOK:
        _requeue(message, Busy(reason))  # a repeated one is known by its event
        return
    log.warning("%s %s: outcome not known: %s", message.channel, message.pk, reason)
    services.settle(message.pk, status=Status.UNKNOWN)
    _watch(message)
    if message.channel in TELEPHONE:
        publish("reconcile", message.pk, delay=RECONCILE_AFTER)


def reconcile(message_id: UUID, gateways: Gateways) -> None:
    """Asks the provider where the message is, and settles what it says. Never posts.

    A webhook whose worker was lost goes back to the queue: nobody is harmed by a second one. Must
    not run inside a transaction.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None or message.status not in {Status.SENDING, Status.SENT, Status.UNKNOWN}:
        return
    if message.channel == Channel.HOOK:
        if message.posting_at < timezone.now() - timedelta(seconds=RECONCILE_AFTER):
            _requeue(message, Busy("lost"))
        return
    Message.objects.filter(pk=message_id).update(checked_at=timezone.now())
    sighting, looked = None, False
    try:
        if message.channel in TELEPHONE:
            sighting, looked = _sight(message, gateways), True
    except (Busy, Unknown, Refused, CannotOpen) as error:
        log.warning("message %s cannot be looked up: %s", message_id, error)
    if sighting is not None:
        services.settle(
            message_id,
            status=sighting.status,
            detail=sighting.detail,
            error_code=sighting.error_code,
            provider_id=sighting.provider_id,
        )
    else:
        services.settle(message_id, status=Status.UNKNOWN)
        if looked:
            _not_found(message_id)


def _not_found(message_id: UUID) -> None:
    """The provider knows of no such message: told, but still not posted again."""
    mine = Message.objects.filter(pk=message_id, status=Status.UNKNOWN)
    mine.update(detail="not_found", changed_at=timezone.now())


def _sight(message: Message, gateways: Gateways) -> Sighting | None:
    if message.provider_id:
        return gateways.telephone.fetch(message.channel, message.provider_id)
    text = message.content()["text"] if message.channel == Channel.SMS else ""
    found = gateways.telephone.look(
        message.channel,
        message.to,
        text=text,
        since=message.posting_at - CLOCKS,
        until=message.posting_at + timedelta(seconds=settings.TWILIO_TIMEOUT) + CLOCKS,
    )
    # A resend has the same text: what another row already calls its own is not this one.
    taken = set(
        Message.objects.filter(provider_id__in=[one.provider_id for one in found])
        .exclude(pk=message.pk)
        .values_list("provider_id", flat=True)
    )
    return next((one for one in found if one.provider_id not in taken), None)
