from celery import shared_task

from accounts.sessions import services


@shared_task
def purge() -> None:
    """Deletes sessions and browsers of long ago."""
    services.purge()
