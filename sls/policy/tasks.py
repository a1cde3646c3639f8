from celery import shared_task

from sls.policy import telling


@shared_task
def tell() -> None:
    """Tells whom a policy covers, batch after batch; beat calls it every minute."""
    if telling.tell_due():
        tell.delay()
