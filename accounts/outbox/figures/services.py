from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncHour
from django.utils import timezone

from accounts.outbox.figures.models import Hour
from accounts.outbox.models import Lookup, Message, Status
from accounts.outbox.spending.services import BY_TELEPHONE, STOPPED

# A message settles within minutes; a code lives for ten at most.
BEHIND = timedelta(hours=2)
KEPT = timedelta(days=90)
_SENT = [Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.UNKNOWN]
_FIELDS = ("sent", "delivered", "failed", "stopped", "codes", "used")


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of some rows, and their rates in per cent (None without anything to divide by)."""

    name: str
    sent: int
    delivered: int
    failed: int
    stopped: int
    codes: int
    used: int

    @property
    def delivery(self) -> int | None:
        return _per_cent(self.delivered, self.sent)

    @property
    def conversion(self) -> int | None:
        return _per_cent(self.used, self.codes)


def _per_cent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def refresh(*, since: datetime | None = None) -> int:
    """Computes the hours since then anew, by default the present one and the two before it.

    Returns how many rows there are. Safe to repeat. What kind of line a number is may become known
    later, and moves its messages to another row: so the old rows go.
    """
    start = (since or timezone.now() - BEHIND).replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        Hour.objects.filter(at__gte=start).delete()
        rows = Hour.objects.bulk_create(
            [Hour(**row) for row in _computed(start)],
            # Two at once: the later one's count stands.
            update_conflicts=True,
            unique_fields=["at", "channel", "country", "line", "carrier"],
            update_fields=list(_FIELDS),
            batch_size=500,
        )
    return len(rows)


def _computed(start: datetime) -> QuerySet[dict]:
    known = Lookup.objects.filter(number=OuterRef("to"))
    line, carrier = (known.values(name)[:1] for name in ("line_type", "carrier"))
    messages = Message.objects.filter(created_at__gte=start, channel__in=BY_TELEPHONE)
    sent = Q(status__in=_SENT)
    return (
        messages.annotate(
            at=TruncHour("created_at"),
            line=Coalesce(Subquery(line), Value("")),
            carrier=Coalesce(Subquery(carrier), Value("")),
        )
        .order_by()
        .values("at", "channel", "country", "line", "carrier")
        .annotate(
            sent=Count("pk", filter=sent),
            delivered=Count("pk", filter=Q(status=Status.DELIVERED)),
            failed=Count(
                "pk", filter=Q(status__in=[Status.UNDELIVERED, Status.FAILED]) & ~_kept_back()
            ),
            stopped=Count("pk", filter=_kept_back()),
            codes=Count("pk", filter=sent & Q(is_code=True)),
            used=Count("pk", filter=sent & Q(is_code=True, used_at__isnull=False)),
        )
    )


def _kept_back() -> Q:
    return Q(status=Status.FAILED, detail__in=[STOPPED, "guard", "refused"])


def by_country(*, since: datetime) -> list[Figures]:
    """The countries, the busiest first. One query."""
    return _summed("country", since)


def by_line(*, since: datetime) -> list[Figures]:
    """The kinds of lines, the busiest first. One query."""
    return _summed("line", since)


def by_carrier(*, since: datetime) -> list[Figures]:
    """The carriers, the busiest first; "" is all that are not known. One query."""
    return _summed("carrier", since)


def by_channel(*, since: datetime) -> list[Figures]:
    """Text messages and calls. One query."""
    return _summed("channel", since)


def _summed(column: str, since: datetime) -> list[Figures]:
    rows = Hour.objects.filter(at__gte=since)
    summed = rows.values(column).annotate(**{f"all_{name}": Sum(name) for name in _FIELDS})
    found = [Figures(row[column], *(row[f"all_{name}"] for name in _FIELDS)) for row in summed]
    return sorted(found, key=lambda one: (-one.sent, one.name))


def by_hour(*, since: datetime) -> Sequence[tuple[datetime, Figures]]:
    """All messages by telephone, hour by hour, the oldest first. One query."""
    rows = Hour.objects.filter(at__gte=since).values("at").order_by("at")
    summed = rows.annotate(**{f"all_{name}": Sum(name) for name in _FIELDS})
    return [(row["at"], Figures("", *(row[f"all_{n}"] for n in _FIELDS))) for row in summed]


def purge() -> int:
    """Deletes the figures of long ago; returns how many rows."""
    return Hour.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
