"""Handing a row to the workers; never an error for whoever caused it."""

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def publish(task: str, row_id: UUID | int, *, delay: float = 0) -> bool:
    """Asks a worker to ``deliver``, ``reconcile`` or ``look_up`` a row in ``delay`` seconds.

    Returns False when the broker is down: the row stays, and the sweep finds it later.
    """
    try:
        current_app.send_task(
            f"accounts.outbox.tasks.{task}", args=[str(row_id)], countdown=delay or None
        )
    except (OperationalError, RedisError, OSError) as error:
        log.warning("broker away, %s stays queued: %s", row_id, type(error).__name__)
        return False
    return True
