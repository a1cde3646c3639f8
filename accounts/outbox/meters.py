"""Figures of the outbox for ``/metrics``, read from the tables when they are asked for.

Workers serve no page of their own; what they did stands in the rows, for every process alike.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message

WINDOW = timedelta(hours=1)


class OutboxCollector(Collector):
    """Messages of the last hour by channel and status, and how often the guard stopped sending.

    Counts are what costs: nobody is named. A database that is away leaves the figures out.
    """

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing, so that registering asks no database."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Two queries."""
        messages = GaugeMetricFamily(
            "portal_outbox_messages",
            "Messages of the last hour.",
            labels=["channel", "status"],
        )
        stops = GaugeMetricFamily(
            "portal_outbox_guard_stops", "Times the telephone guard stopped sending, last hour."
        )
        since = timezone.now() - WINDOW
        try:
            for channel, status, number in (
                Message.objects.filter(created_at__gt=since)
                .values_list("channel", "status")
                .annotate(number=Count("pk"))
            ):
                messages.add_metric([channel, status], number)
            stopped = Entry.objects.filter(user=None, event=Event.SPENDING_BREAKER, at__gt=since)
            stops.add_metric([], stopped.count())
        except DatabaseError:
            return []
        return [messages, stops]
