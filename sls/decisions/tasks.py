from celery import shared_task

from sls.decisions import services


@shared_task
def purge() -> None:
    """Deletes withdrawals that count no more."""
    services.purge()
