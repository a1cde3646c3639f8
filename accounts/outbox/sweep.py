"""What time brings back: messages that a broken broker, worker or callback left behind."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.outbox import lookups, rules
from accounts.outbox.hooks import services as hooks
from accounts.outbox.models import TELEPHONE, Channel, Inbound, Message, Status
from accounts.outbox.queue import publish

BATCH = 200
OVERDUE = timedelta(seconds=5)  # a worker should have taken it by now
AGAIN = timedelta(seconds=10)  # between two calls for the same message
STUCK = timedelta(seconds=30)
SILENT = timedelta(seconds=90)  # callbacks are best effort; then the provider is asked
POLL = timedelta(seconds=30)  # never ask faster
GIVE_UP = timedelta(minutes=10)
CALL_ENDS = timedelta(seconds=180)  # ringing and the most that a call may last


def sweep() -> None:
    """Calls workers for what is overdue, lost or unanswered; wipes the words of what is over."""
    now = timezone.now()
    _expire(now)
    for message_id in (*_overdue(now), *_overdue(now, hooks=True)):
        publish("deliver", message_id)
    for message_id in _lost(now):
        publish("reconcile", message_id)
    for lookup_id in lookups.unanswered(now):
        publish("look_up", lookup_id)
    wipe(now)


def _expire(now: datetime) -> None:
    waiting = Message.objects.filter(status=Status.QUEUED, expires_at__lte=now)
    waiting.update(status=Status.FAILED, detail="expired", body=None, changed_at=now)


def _overdue(now: datetime, *, hooks: bool = False) -> list:
    """Queued messages that nobody took: the broker was down when they were committed.

    Webhooks have a batch of their own, and come as soon as their next try is due: however many wait
    for a receiver, no code waits behind them.
    """
    rows = Message.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=now if hooks else now - OVERDUE),
        Q(channel=Channel.HOOK) if hooks else ~Q(channel=Channel.HOOK),
        status=Status.QUEUED,
        not_before__lt=now - OVERDUE,
    )
    # One that was put off came from a worker; what no worker has had is given time.
    is_due = Q(changed_at__lt=now - AGAIN) | Q(channel=Channel.HOOK, retry_at__gt=F("changed_at"))
    found = list(rows.filter(is_due).order_by("not_before").values_list("pk", flat=True)[:BATCH])
    # A worker that is merely slow is not called again with every sweep.
    Message.objects.filter(pk__in=found, status=Status.QUEUED).update(changed_at=now)
    return found


def _lost(now: datetime) -> QuerySet:
    """Messages whose outcome only the provider knows."""
    slow = max(STUCK, timedelta(seconds=settings.TWILIO_TIMEOUT) + OVERDUE)
    not_asked = Q(checked_at=None) | Q(checked_at__lt=now - POLL)
    silent = Q(
        # "sent" may be the last word of a route: asked once. Calls end, so they are asked on.
        Q(checked_at=None) | Q(~Q(detail="sent"), checked_at__lt=now - POLL),
        Q(channel__in=TELEPHONE),
        ~Q(detail="sandbox"),
        status=Status.SENT,
        sent_at__lt=now - SILENT,
        sent_at__gt=now - GIVE_UP,
        # Implied, and what the index is searched by: e-mail and notifications stay "sent" for ever.
        changed_at__gt=now - GIVE_UP,
    )
    stuck = Q(not_asked, status=Status.SENDING, posting_at__lt=now - slow)
    unknown = Q(
        not_asked,
        Q(channel__in=TELEPHONE),
        status=Status.UNKNOWN,
        posting_at__lt=now - timedelta(seconds=15),
        posting_at__gt=now - GIVE_UP,
        changed_at__gt=now - GIVE_UP,
    )
    rows = Message.objects.filter(silent | stuck | unknown)
    return rows.order_by("changed_at").values_list("pk", flat=True)[:BATCH]


def wipe(now: datetime) -> int:
    """Erases the words of messages that are over; returns of how many."""
    over = Q(status__in=rules.FINAL) & (
        ~Q(channel=Channel.VOICE) | Q(posting_at__lt=now - CALL_ENDS) | Q(posting_at=None)
    )
    # An unknown message is recognised by its text; a little after its end nobody looks any more.
    expired = Q(expires_at__lt=now - CALL_ENDS) & ~Q(status=Status.QUEUED)
    return Message.objects.filter(over | expired, body__isnull=False).update(body=None)


def purge() -> int:
    """Deletes what is of long ago (``OUTBOX_KEEP_DAYS``); returns how many messages."""
    before = timezone.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS)
    Inbound.objects.filter(at__lt=before).delete()
    lookups.purge(before)
    hooks.purge(before)
    old = Message.objects.filter(created_at__lt=before, expires_at__lt=timezone.now())
    return old.delete()[0]
