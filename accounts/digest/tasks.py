from celery import shared_task
from django.utils import timezone

from accounts.digest import services


@shared_task
def send(after: int = 0) -> None:
    """Queues one batch of digests, and a task for the next; beat begins it every hour."""
    last = services.send_batch(after=after, now=timezone.now())
    if last is not None:
        send.delay(after=last)
