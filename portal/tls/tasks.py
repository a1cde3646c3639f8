from celery import shared_task

from portal.tls import services


@shared_task
def watch() -> None:
    """Looks at how the public address is encrypted."""
    services.watch()
