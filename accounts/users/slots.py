"""A bounded number of places in which the slow password hash may run.

Argon2 takes a core and 100 MiB for a fifth of a second. Without a bound, steps that hash nothing
wait behind a crowd of sign-ins (SPEED.md). One process has ``HASH_SLOTS`` places; who gets none
within ``HASH_WAIT`` seconds is told to come back.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class NoFreeSlot(Exception):
    """Every hash slot is taken; the page says 503 with Retry-After."""

    retry_after = 2


_slots = threading.BoundedSemaphore(settings.HASH_SLOTS)


@contextmanager
def hash_slot() -> Iterator[None]:
    """A place for one hash. Raises ``NoFreeSlot`` after ``HASH_WAIT`` seconds."""
    if not _slots.acquire(timeout=settings.HASH_WAIT):
        raise NoFreeSlot
    try:
        yield
    finally:
        _slots.release()
