from celery import shared_task

from sls.step_up import services


@shared_task
def purge() -> None:
    """Deletes requests that were held and never proven."""
    services.purge()
