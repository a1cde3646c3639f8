"""What the network knows of a number: its kind of line, and when its SIM card last changed.

Asked by workers alone; no page waits for it. An answer is kept, one row a number, and counts for
some minutes; the rooms above hear it by ``signals.reported``. Where nobody answers nothing is
known, and nothing known is never counted against a number: a provider that is away keeps no code
back.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.outbox import rules
from accounts.outbox.models import Lookup
from accounts.outbox.ports import Busy, NumberIntelligence, Refused, Report, Unknown
from accounts.outbox.queue import publish
from accounts.outbox.signals import reported
from accounts.prepared import prepared

BATCH = 50
OVERDUE = timedelta(seconds=10)  # a worker should have taken it by now
AGAIN = timedelta(minutes=1)  # between two tries
GIVE_UP = timedelta(hours=1)

log = logging.getLogger(__name__)


def ask(number: str) -> None:
    """Has a worker look ``number`` up once the caller's transaction is committed."""
    [lookup] = Lookup.objects.bulk_create(
        [Lookup(number=number, wanted_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["wanted_at"],
    )
    transaction.on_commit(lambda: publish("look_up", lookup.pk), robust=True)


def look_up(lookup_id: int, numbers: NumberIntelligence) -> None:
    """Answers what was asked; a fresh answer is told again, and nobody is asked.

    Must not run inside a transaction.
    """
    lookup = Lookup.objects.filter(pk=lookup_id).first()
    if lookup is not None:
        _refresh(lookup, numbers)


def has_new_sim(number: str, numbers: NumberIntelligence) -> bool:
    """Whether the SIM card of ``number`` changed lately, as far as the network tells in time.

    Must not run inside a transaction.
    """
    lookup, _is_new = Lookup.objects.get_or_create(number=number)
    _refresh(lookup, numbers)
    return _is_new_sim(lookup.swapped_at)


def is_known_as_new_sim(number: str) -> bool:
    """The same from what is known already. One query, nobody is asked."""
    lookup = _of_number.first(number=number)
    return lookup is not None and _is_new_sim(lookup.swapped_at)


@prepared
def _of_number(number: str) -> QuerySet[Lookup]:
    return Lookup.objects.filter(number=number)


def new_sim_wait() -> timedelta:
    """For how long a changed SIM card counts as new."""
    return timedelta(hours=settings.SIM_SWAP_HOURS)


def _is_new_sim(swapped_at: datetime | None) -> bool:
    now = timezone.now()
    return rules.new_sim_until(swapped_at, wait=new_sim_wait(), now=now) is not None


def _refresh(lookup: Lookup, numbers: NumberIntelligence) -> None:
    """Makes the row as fresh as the provider lets it be, and tells the rooms above."""
    fresh = timedelta(minutes=settings.LOOKUP_FRESH_MINUTES)
    if lookup.answered_at is None or lookup.answered_at < timezone.now() - fresh:
        report = _asked(lookup, numbers)
        if report is None:
            return
        _keep(lookup, report)
    elif lookup.wanted_at is not None:
        Lookup.objects.filter(pk=lookup.pk).update(wanted_at=None)
    # Also what was told before: whoever should have heard of it may have been killed meanwhile.
    reported.send_robust(
        sender=Lookup,
        number=lookup.number,
        line_type=lookup.line_type,
        swapped_at=lookup.swapped_at,
        at=lookup.answered_at,
    )


def _asked(lookup: Lookup, numbers: NumberIntelligence) -> Report | None:
    Lookup.objects.filter(pk=lookup.pk).update(tried_at=timezone.now())
    try:
        return numbers.report(lookup.number)
    except Refused as refused:
        log.log(
            logging.ERROR if refused.error.alarms else logging.INFO,
            "lookup %s refused with %s",
            lookup.pk,
            refused.code,
        )
    except (Busy, Unknown) as error:
        log.warning("lookup %s not answered: %s", lookup.pk, error)
    return None


def _keep(lookup: Lookup, report: Report) -> None:
    """Adds what was told to what is known; of two workers neither takes anything back."""
    with transaction.atomic():
        lookup.refresh_from_db(from_queryset=Lookup.objects.select_for_update(no_key=True))
        now = timezone.now()
        lookup.line_type = report.line_type or lookup.line_type
        lookup.carrier = report.carrier or lookup.carrier
        lookup.swapped_at = rules.last_swap(
            lookup.swapped_at,
            told_at=report.swapped_at,
            told_within=report.swapped_within,
            now=now,
        )
        lookup.answered_at, lookup.wanted_at = now, None
        lookup.save(
            update_fields=["line_type", "carrier", "swapped_at", "answered_at", "wanted_at"]
        )


def unanswered(now: datetime) -> list[int]:
    """Lookups to be tried again: the broker, a worker or the provider was away."""
    rows = Lookup.objects.filter(
        Q(tried_at=None) | Q(tried_at__lt=now - AGAIN),
        wanted_at__lt=now - OVERDUE,
        wanted_at__gt=now - GIVE_UP,
    )
    found = list(rows.order_by("wanted_at").values_list("pk", flat=True)[:BATCH])
    Lookup.objects.filter(pk__in=found).update(tried_at=now)
    return found


def purge(before: datetime) -> int:
    """Forgets numbers that nobody asked about since; returns how many."""
    untried = Q(tried_at=None, wanted_at__lt=before)
    return Lookup.objects.filter(untried | Q(tried_at__lt=before)).delete()[0]
