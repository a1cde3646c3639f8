from celery import shared_task

from sls.methods.dsc_plus import services


@shared_task
def require_due() -> None:
    """Puts cards into use that were mailed long ago; beat calls it every hour."""
    services.require_due()
