from celery import shared_task

from sls.recovery import keeping


@shared_task
def tick() -> None:
    """Reminds of waits that are nearly over, and ends those that nobody used."""
    keeping.tick()


@shared_task
def purge() -> None:
    """Deletes recoveries of long ago."""
    keeping.purge()
