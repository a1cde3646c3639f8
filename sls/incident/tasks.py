from celery import shared_task

from sls.incident import services


@shared_task
def thaw_due() -> None:
    """Ends freezes whose wait is over."""
    services.thaw_due()
