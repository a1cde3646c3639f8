from celery import shared_task

from accounts.api_tokens import services, telling


@shared_task
def tell() -> None:
    """Warns of tokens that end, and pauses automation that nobody watches."""
    telling.tell()


@shared_task
def purge() -> None:
    """Deletes calls of long ago."""
    services.purge()
