import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM, Origin
from accounts.outbox import errors
from accounts.outbox.errors import Kind
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.outage import rules
from accounts.outbox.outage.models import Outage
from accounts.outbox.outage.rules import Limits, Tally

CHANNELS = (Channel.SMS, Channel.VOICE)
KEY, KEPT = "channels-away", 120  # seconds; beat writes it anew every few
# What the carrier or the way to it has to answer for; a number that is wrong is not its fault.
CARRIERS_FAULT = frozenset({Kind.CONFIGURATION, Kind.RETRY, Kind.TRANSIENT, Kind.AMBIGUOUS})

log = logging.getLogger(__name__)


def away() -> frozenset[str]:
    """The channels that are away. One trip to Redis, no query; none when it does not answer."""
    try:
        return frozenset(caches["default"].get(KEY) or ())
    except (RedisError, OSError) as error:
        log.warning("outages not known: %s", type(error).__name__)
        return frozenset()


def comes_first(wanted: Channel) -> Channel:
    """The channel that a code should go by, where ``wanted`` is the usual one. One trip."""
    return Channel(rules.default(wanted, away(), CHANNELS))


def judge() -> None:
    """Looks at the last minutes of each channel. Beat calls it every few seconds; two queries
    while nothing changes."""
    now = timezone.now()
    standing = {row.channel: row for row in Outage.objects.filter(over_at=None)}
    tallies = tally(now)
    for channel in CHANNELS:
        row = standing.get(channel)
        if row is not None and row.until is not None:
            if row.until > now:
                continue
            _end(row, now)
            row = None
        told = tallies[channel]
        is_away = rules.is_away(told, limits(), was_away=row is not None)
        if is_away and row is None:
            _begin(channel, told, now)
        elif row is not None and not is_away:
            _end(row, now)
    publish()


def limits() -> Limits:
    """What a channel is judged by."""
    return Limits(settings.OUTAGE_LEAST, settings.OUTAGE_SHARE / 100)


def tally(now: datetime) -> dict[str, Tally]:
    """What became of the messages of the window, by channel. One query."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for channel, status, detail, code, tries, number in _statuses(now):
        failed = fault(status, detail, code, tries)
        if failed is not None:
            counted[channel][0] += number
            counted[channel][1] += number * failed
    return {channel: Tally(*counted[channel]) for channel in CHANNELS}


def _statuses(now: datetime) -> Iterable[tuple]:
    recent = Message.objects.filter(created_at__gt=now - rules.WINDOW, channel__in=CHANNELS)
    return recent.values_list("channel", "status", "detail", "error_code", "tries").annotate(
        number=Count("pk")
    )


def fault(status: str, detail: str, code: int | None, tries: int) -> bool | None:
    """Whether the carrier failed a message; None while nothing is known of it, or when it never
    came that far."""
    if code is not None:
        return errors.classify(code).kind in CARRIERS_FAULT
    if status in {Status.QUEUED, Status.SENDING}:
        return True if status == Status.QUEUED and tries else None
    if status == Status.FAILED:
        return True if detail == "busy" else None
    if status == Status.ABORTED:
        return None
    if status == Status.UNDELIVERED:
        # A line that is busy and a call that nobody answers are no fault of the carrier.
        return detail in {"failed", ""}
    return status == Status.UNKNOWN


def _begin(channel: str, told: Tally, now: datetime) -> None:
    """Unless somebody has said something of the channel meanwhile."""
    try:
        with transaction.atomic():
            Outage.objects.create(channel=channel, began_at=now, told=told.told, failed=told.failed)
            detail = {"channel": channel, "messages": told.told, "failed": told.failed}
            audit.record(
                Event.CARRIER_AWAY, user=None, origin=SYSTEM, actor="system", detail=detail
            )
    except IntegrityError:
        return
    log.error("carrier fails: %s is away", channel)


def _end(row: Outage, now: datetime) -> None:
    with transaction.atomic():
        mine = Outage.objects.filter(pk=row.pk, over_at=None)
        if mine.update(over_at=now) and row.away:
            detail = {"channel": row.channel}
            audit.record(
                Event.CARRIER_BACK, user=None, origin=SYSTEM, actor="system", detail=detail
            )


def overrule(
    *,
    channel: Channel,
    away: bool,
    hours: int,
    staff: Any,
    actor: str,
    origin: Origin,
    reason: str,
    ticket: str,
) -> None:
    """Staff say that a channel is away, or that it is not, for so many hours; with 0 hours it is
    judged again."""
    now = timezone.now()
    with transaction.atomic():
        # The rows before the chain, as when a channel is judged.
        Outage.objects.filter(channel=channel, over_at=None).update(over_at=now)
        if hours:
            Outage.objects.create(
                channel=channel,
                away=away,
                began_at=now,
                until=now + timedelta(hours=hours),
                by=staff,
                reason=reason,
                ticket=ticket,
            )
        audit.record(
            Event.CARRIER_OVERRULED,
            user=None,
            origin=origin,
            actor=actor,
            detail={
                "channel": channel.value,
                "away": away,
                "hours": hours,
                "reason": reason,
                "ticket": ticket,
            },
        )
    publish()


def standing() -> dict[str, Outage]:
    """What is said of each channel now. One query."""
    return {row.channel: row for row in Outage.objects.filter(over_at=None)}


def publish() -> None:
    """Tells the pages. One query, one trip."""
    rows = Outage.objects.filter(over_at=None, away=True)
    caches["default"].set(KEY, sorted(rows.values_list("channel", flat=True)), KEPT)
