from celery import shared_task

from accounts.automation import services


@shared_task
def purge() -> None:
    """Deletes reports that nobody can repeat any more."""
    services.purge()
