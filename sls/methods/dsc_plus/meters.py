"""Figures of the cards for ``/metrics``, read from the table when they are asked for."""

from collections.abc import Iterable

from django.db import DatabaseError
from django.db.models import Count, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.models import Card

WORKING = Q(lost_at=None, returned_at=None, disabled_at=None)


class CardCollector(Collector):
    """How many cards are in stock, work, were disabled by wrong answers, or are spent.

    Any that is spent, and any rise of those that are disabled, is worth an alarm. A database that
    is away leaves the figures out.
    """

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing, so that registering asks no database."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One query."""
        cards = GaugeMetricFamily("portal_cards", "Security cards by state.", labels=["state"])
        spent = Q(issued__gte=rules.SPENT)
        try:
            counts = Card.objects.aggregate(
                stock=Count("pk", filter=Q(shipped_at=None)),
                working=Count("pk", filter=Q(shipped_at__isnull=False) & WORKING & ~spent),
                disabled=Count("pk", filter=Q(disabled_at__isnull=False, returned_at=None)),
                spent=Count("pk", filter=WORKING & spent),
            )
        except DatabaseError:
            return []
        for state, count in counts.items():
            cards.add_metric([state], count)
        return [cards]
