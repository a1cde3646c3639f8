from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.places import country_of
from accounts.outbox.signals import breaker as told
from accounts.outbox.spending import counting, rules
from accounts.outbox.spending.models import Breaker, Ending
from accounts.outbox.spending.rules import Gauge, Limits, Range, Width
from accounts.prepared import prepared

STOPPED = "pumping"  # ``Message.detail`` of what was kept back
BY_TELEPHONE = (Channel.SMS, Channel.VOICE)
HANDED_OVER = (Status.SENDING, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.UNKNOWN)


def stops(message: Message) -> bool:
    """Counts a code that is about to be sent by telephone, and says whether it is kept back.

    One query, and one trip to Redis for a number that is not known. Must not run inside a
    transaction. Raises when Redis does not answer.
    """
    if not message.is_code or is_known(message.to, message.pk):
        return False
    ranges = _ranges(message)
    now = timezone.now()
    counts = counting.count(ranges, message.pk, now)
    shut = [r.key for r, c in zip(ranges, counts, strict=True) if c.state == counting.OPEN]
    if shut:
        due = all(c.trial_at <= now.timestamp() for c in counts if c.state == counting.OPEN)
        return not (due and _try(shut, message, now)) and _keep_back(shut)
    for place, (one, count) in enumerate(zip(ranges, counts, strict=True)):
        if count.state != counting.FREE and rules.is_pumped(count.gauge, limits()):
            counting.forget(ranges, message.pk)
            counting.take_out(one, ranges[place + 1 :])
            _open(one, ranges[-1].key, count.gauge, now)
            _widen(ranges, place, now)
            return _keep_back([one.key])
    return False


def limits() -> Limits:
    """What a range is judged by."""
    return Limits(settings.SPENDING_LEAST, settings.SPENDING_SHARE / 100)


def is_known(number: str, but: UUID) -> bool:
    """Whether one of the last codes sent to ``number`` was used, the message ``but`` aside. One
    query."""
    sends = [used for pk, used in _last_sends(number=number) if pk != but]
    return rules.is_known([used is not None for used in sends])


@prepared
def _last_sends(number: str) -> QuerySet[tuple[UUID, datetime | None]]:
    sent = Message.objects.filter(to=number, is_code=True).exclude(
        status__in=[Status.FAILED, Status.ABORTED]
    )
    sent = sent.order_by("-created_at")
    return sent.values_list("pk", "used_at")[: rules.KNOWN_WITHIN + 1]


def _ranges(message: Message) -> tuple[Range, Range, Range]:
    return rules.ranges(message.to, message.country or country_of(message.to))


def _widen(ranges: Sequence[Range], place: int, now: datetime) -> None:
    """Whoever rents range after range does not get the first codes of each."""
    if place + 1 == len(ranges):
        return
    inside = opened().filter(width=ranges[place].width, country=ranges[-1].key)
    wider = ranges[place + 1]
    if wider.width is not Width.COUNTRY:
        inside = inside.filter(key__startswith=wider.key)
    found = inside.aggregate(ranges=Count("pk"), sends=Sum("sends"), used=Sum("used"))
    if found["ranges"] >= rules.WIDENS:
        _open(wider, ranges[-1].key, Gauge(found["sends"] + 1, found["used"]), now)
        _widen(ranges, place + 1, now)


def _open(one: Range, country: str, gauge: Gauge, now: datetime) -> None:
    """Stops a range; of several workers one does."""
    trial_at = rules.next_trial(0, now)
    try:
        with transaction.atomic():
            made = Breaker.objects.create(
                key=one.key,
                width=one.width,
                country=country,
                opened_at=now,
                sends=gauge.sends - 1,  # without the one that is kept back
                used=gauge.used,
                trial_at=trial_at,
            )
            audit.record(
                Event.SPENDING_BREAKER,
                user=None,
                origin=SYSTEM,
                actor="system",
                detail={"range": made.range, "sends": made.sends, "used": made.used},
            )
    except IntegrityError:
        return
    counting.shut(one.key, trial_at)
    told.send_robust(sender=Breaker, breaker=made)


def _keep_back(keys: list[str]) -> bool:
    Breaker.objects.filter(key__in=keys, closed_at=None).update(stopped=F("stopped") + 1)
    return True


def _try(keys: list[str], message: Message, now: datetime) -> bool:
    """Whether this message is the one that is let through to see whether its code is used."""
    with transaction.atomic():
        rows = Breaker.objects.select_for_update().filter(key__in=keys, closed_at=None)
        found = list(rows.order_by("pk"))
        if any(row.trial_at > now for row in found):
            return False
        for row in found:
            row.rounds += 1
            row.trial_at = rules.next_trial(row.rounds, now)
            row.trials = [*row.trials, str(message.pk)]
            row.save(update_fields=["rounds", "trial_at", "trials"])
    for row in found:
        counting.shut(row.key, row.trial_at)
    return True


def mark_used(challenges: Collection[str]) -> int:
    """Codes of these challenges were used: notes it with what was sent of them, and closes what
    a trial has shown to be right. Returns how many messages. Safe to repeat."""
    sent = Message.objects.filter(
        about__in=challenges, is_code=True, channel__in=BY_TELEPHONE, used_at=None
    )
    rows = list(sent.filter(status__in=HANDED_OVER).only("pk", "to", "country"))
    if not rows:
        return 0
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(used_at=timezone.now())
    for row in rows:
        counting.used(_ranges(row), row.pk)
    _close_tried({str(row.pk) for row in rows})
    return len(rows)


def forget(message: Message) -> None:
    """What could not be delivered says nothing of whoever would have read it."""
    if message.is_code and message.channel in BY_TELEPHONE:
        counting.forget(_ranges(message), message.pk)


def _close_tried(used: set[str]) -> None:
    for row in Breaker.objects.filter(closed_at=None, rounds__gt=0):
        if used.isdisjoint(row.trials):
            continue
        with transaction.atomic():
            mine = Breaker.objects.filter(pk=row.pk, closed_at=None)
            if not mine.update(closed_at=timezone.now(), ending=Ending.USED):
                continue
            detail = {"range": row.range, "stopped": row.stopped}
            audit.record(
                Event.BREAKER_CLOSED, user=None, origin=SYSTEM, actor="system", detail=detail
            )
        counting.clear(row.key)


def let_through(
    *,
    breaker: Breaker,
    staff: Any,
    actor: str,
    origin: Origin,
    reason: str,
    ticket: str,
    hours: int,
) -> bool:
    """Staff overrule a breaker: its range is not judged for so many hours. False when it was
    closed before."""
    now = timezone.now()
    until = now + timedelta(hours=hours)
    with transaction.atomic():
        changed = Breaker.objects.filter(pk=breaker.pk, closed_at=None).update(
            closed_at=now,
            ending=Ending.OVERRULED,
            let_through_until=until,
            closed_by=staff,
            reason=reason,
            ticket=ticket,
        )
        if not changed:
            return False
        detail = {"range": breaker.range, "hours": hours, "reason": reason, "ticket": ticket}
        audit.record(Event.BREAKER_OVERRULED, user=None, origin=origin, actor=actor, detail=detail)
    counting.clear(breaker.key)
    counting.let_through(breaker.key, (until - now).total_seconds())
    return True


def judge_again(*, breaker: Breaker, actor: str, origin: Origin, reason: str, ticket: str) -> bool:
    """Ends what ``let_through`` began. False when it was over."""
    now = timezone.now()
    with transaction.atomic():
        mine = Breaker.objects.filter(pk=breaker.pk, let_through_until__gt=now)
        if not mine.update(let_through_until=now):
            return False
        detail = {"range": breaker.range, "hours": 0, "reason": reason, "ticket": ticket}
        audit.record(Event.BREAKER_OVERRULED, user=None, origin=origin, actor=actor, detail=detail)
    counting.clear(breaker.key)
    return True


def opened() -> QuerySet[Breaker]:
    """What is stopped now."""
    return Breaker.objects.filter(closed_at=None)


def sync() -> None:
    """Brings Redis in line with the rows; beat calls it every few seconds. One query."""
    now = timezone.now()
    for row in Breaker.objects.filter(Q(closed_at=None) | Q(let_through_until__gt=now)):
        if row.closed_at is None:
            counting.shut(row.key, row.trial_at)
        else:
            counting.let_through(row.key, (row.let_through_until - now).total_seconds())
