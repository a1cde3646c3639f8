from celery import shared_task

from sls.methods.temporary_passcode import services


@shared_task
def expire_due() -> None:
    """Ends passcodes whose time is over, and what they opened; beat calls it every five minutes."""
    services.expire_due()
    services.end_whole_sessions()
