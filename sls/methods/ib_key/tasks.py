from celery import shared_task

from sls.methods.ib_key import activations


@shared_task
def purge() -> None:
    """Deletes what phones left half done; beat calls it every hour."""
    activations.purge()
