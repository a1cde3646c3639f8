"""What the site itself asks of its workers."""

from celery import shared_task
from celery.signals import worker_ready

from portal import health


@shared_task
def heartbeat() -> None:
    """Says that a worker is alive; ``/readyz`` reads it."""
    health.beat()


@worker_ready.connect
def first_heartbeat(**_kwargs: object) -> None:
    """The first at once: beat sends its first only after one interval."""
    health.beat()
