from celery import shared_task

from accounts.audit import checkpoints


@shared_task
def checkpoint(user_id: int | None, number: int) -> None:
    """Signs one entry of a chain."""
    checkpoints.place(user_id, number=number)


@shared_task
def checkpoint_all() -> None:
    """Signs every chain that has grown, once a day."""
    checkpoints.daily()
