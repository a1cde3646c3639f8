from celery import shared_task

from sls.enrolment import activation


@shared_task
def purge() -> None:
    """Deletes activations that ended long ago."""
    activation.purge()
