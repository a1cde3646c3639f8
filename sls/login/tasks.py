from celery import shared_task

from sls.login import flow


@shared_task
def purge() -> None:
    """Deletes sign-in attempts that ended long ago."""
    flow.purge()
