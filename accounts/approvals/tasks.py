from celery import shared_task

from accounts.approvals import services


@shared_task
def end_over_requests() -> None:
    """Requests that nobody decided in time."""
    services.end_over()
