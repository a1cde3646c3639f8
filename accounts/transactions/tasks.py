from celery import shared_task

from accounts.transactions import services


@shared_task
def expire() -> None:
    """Ends the questions whose time is over."""
    services.expire_due()
