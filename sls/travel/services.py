"""Announcing a journey and ending the notice early; and what a sign-in reads of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.joined import Read, first
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods import registry
from sls.travel import countries as known
from sls.travel import rules
from sls.travel.models import Notice, codes
from sls.travel.rules import Days, Refusal


def facts(now: datetime) -> dict[str, Subquery]:
    """Annotation in a query of users: ``travelling``, the countries of the notice in force, or
    None. It costs no statement of its own."""
    mine = Notice.objects.in_force(now).filter(user=OuterRef("pk"))
    return {"travelling": Subquery(mine.order_by("starts_at").values("countries")[:1])}


def announced(user: User) -> list[str]:
    """The countries of the notice in force, of a user with the annotation of ``facts``."""
    return codes(user.travelling)


def current(user_id: int, now: datetime) -> Notice | None:
    """The notice in force, None where there is none. One query."""
    return reading(user_id, now).alone()


def reading(user_id: int, now: datetime) -> Read[Notice | None]:
    """``current``, to be read along with something else."""
    return Read(_current, {"user_id": user_id, "now": now}, first)


@prepared
def _current(user_id: int, now: datetime) -> QuerySet[Notice]:
    return Notice.objects.in_force(now).filter(user_id=user_id).order_by("starts_at")[:1]


def announce(
    *, user: User, days: Days, countries: Collection[str], devices: Sequence[str], origin: Origin
) -> Notice | Refusal:
    """Takes a notice: in force from the first day in the owner's zone until the last is over."""
    with transaction.atomic():
        row, now = audit.lock(user.pk), timezone.now()
        refusal = why_not(row, days=days, countries=countries, devices=devices, now=now)
        if refusal:
            return refusal
        zone = ZoneInfo(row.zone)
        notice = Notice.objects.create(
            user=row,
            first_day=days.first,
            last_day=days.last,
            starts_at=datetime.combine(days.first, time(), zone),
            ends_at=datetime.combine(days.last + timedelta(days=1), time(), zone),
            countries=",".join(sorted(set(countries))),
            devices=sorted(set(devices)),
            made_at=now,
        )
        _record(Event.TRAVEL_ANNOUNCED, notice, row, origin)
    return notice


def why_not(
    user: User, *, days: Days, countries: Collection[str], devices: Collection[str], now: datetime
) -> Refusal | None:
    """Why ``announce`` would refuse; it asks again under the lock. At most two queries."""
    today = timezone.localdate(now, ZoneInfo(user.zone))
    if refusal := rules.refusal(days, countries, today=today, known=known.CODES):
        return refusal
    if set(devices) - {row.id for row in registry.devices(user.pk)}:
        return Refusal.DEVICES
    others = Notice.objects.in_hand(now).filter(user=user)
    return rules.room_for(days, [one.days for one in others])


def end(*, user: User, pk: int, origin: Origin) -> Refusal | None:
    """Ends a notice early, or takes back one that is to come."""
    with transaction.atomic():
        row, now = audit.lock(user.pk), timezone.now()
        notice = Notice.objects.in_hand(now).filter(user=row, pk=pk).first()
        if notice is None:
            return Refusal.GONE
        notice.ended_at = now
        notice.save(update_fields=["ended_at"])
        _record(Event.TRAVEL_ENDED, notice, row, origin)
    return None


def _record(event: Event, notice: Notice, user: User, origin: Origin) -> None:
    detail = {
        "first": notice.first_day.isoformat(),
        "last": notice.last_day.isoformat(),
        "countries": notice.codes,
    }
    audit.record(event, user=user, origin=origin, detail=detail)
