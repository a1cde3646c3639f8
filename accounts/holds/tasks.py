from celery import shared_task

from accounts.holds import services


@shared_task
def purge() -> None:
    """Deletes holds of long ago."""
    services.purge()
