from celery import shared_task

from sls.cards import orders, pins, sharing


@shared_task
def purge() -> None:
    """Deletes requests, new PINs and sharings that came to nothing; beat calls it every hour."""
    orders.purge()
    pins.purge()
    sharing.purge()
