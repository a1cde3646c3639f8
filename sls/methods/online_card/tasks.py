from celery import shared_task

from sls.methods.online_card import services


@shared_task
def expire_due() -> None:
    """Ends sheets whose time is over; beat calls it every five minutes."""
    services.expire_due()
