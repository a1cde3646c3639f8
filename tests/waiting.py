"""Waiting for a condition instead of for a time."""

import threading
import time
from collections.abc import Callable

from django.db import connections

# Enough for a machine that runs much else; nobody waits longer than it takes.
PATIENCE = 30.0  # seconds


def wait_until[T](
    condition: Callable[[], T],
    *,
    seconds: float = PATIENCE,
    seen: Callable[[], object] = lambda: "",
) -> T:
    """The first true value of ``condition``; fails the test when it stays false.

    The failure says what was ``seen`` instead.
    """
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, (
            f"did not happen within {seconds:g} s: {condition} {seen()}"
        )
        pause.wait(0.02)
    return value


def apart[T](act: Callable[[], T]) -> T:
    """What ``act`` returns, in a thread whose connections end with it."""
    try:
        return act()
    finally:
        connections.close_all()


def until_somebody_waits() -> None:
    """Somebody waits for a lock of PostgreSQL."""

    def waits() -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    wait_until(waits)
