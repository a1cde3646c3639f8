"""What the site itself asks of its workers."""

from celery import shared_task

from portal import health


@shared_task
def heartbeat() -> None:
    """Says that a worker is alive; ``/readyz`` reads it."""
    health.beat()
