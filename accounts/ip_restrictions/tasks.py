from celery import shared_task

from accounts.ip_restrictions import services


@shared_task
def settle() -> None:
    """Takes back what nobody confirmed, and removes what was announced to go."""
    services.settle_all()


@shared_task
def purge() -> None:
    """Deletes entries of long ago."""
    services.purge()
