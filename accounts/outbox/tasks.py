from uuid import UUID

from celery import shared_task

from accounts.outbox import delivery, lookups
from accounts.outbox import sweep as sweeping
from accounts.outbox.figures import services as figures
from accounts.outbox.gateways import registry
from accounts.outbox.outage import services as outage
from accounts.outbox.spending import services as spending


@shared_task
def deliver(message_id: str) -> None:
    """Hands one message over."""
    delivery.deliver(UUID(message_id), registry.chosen())


@shared_task
def reconcile(message_id: str) -> None:
    """Looks one message up at its provider."""
    delivery.reconcile(UUID(message_id), registry.chosen())


@shared_task
def look_up(lookup_id: str) -> None:
    """Asks the provider about one number."""
    lookups.look_up(int(lookup_id), registry.chosen().numbers)


@shared_task
def sweep() -> None:
    """Finds what was left behind; beat calls it every five seconds."""
    sweeping.sweep()


@shared_task
def watch() -> None:
    """Which channels are away and which ranges are stopped; beat calls it every five seconds."""
    spending.sync()
    outage.judge()


@shared_task
def refresh_figures() -> None:
    """Brings the figures of the last hours up to date."""
    figures.refresh()


@shared_task
def purge() -> None:
    """Deletes messages and figures of long ago."""
    sweeping.purge()
    figures.purge()
