from celery import shared_task

from accounts.lockout import services


@shared_task
def purge() -> None:
    """Deletes counts that no longer count."""
    services.purge()
