from celery import shared_task

from accounts.challenges import services, using


@shared_task
def tell_used() -> None:
    """Tells the outbox which codes were used; beat calls it every five seconds."""
    using.tell()


@shared_task
def purge() -> None:
    """Erases ended codes and deletes old challenges."""
    services.erase_expired()
    services.purge()
