from celery import shared_task

from accounts.sessions import purging, weekly


@shared_task
def purge() -> None:
    """Deletes sessions and browsers of long ago."""
    purging.purge()


@shared_task
def tell() -> None:
    """Tells of trading sessions whose week ends, and ends those whose week is over."""
    weekly.tell()
