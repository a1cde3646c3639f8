from celery import shared_task

from accounts.challenges import services


@shared_task
def purge() -> None:
    """Erases ended codes and deletes old challenges."""
    services.erase_expired()
    services.purge()
