from celery import shared_task

from accounts.contacts import changes


@shared_task
def purge() -> None:
    """Deletes contacts and changes of long ago."""
    changes.purge()
