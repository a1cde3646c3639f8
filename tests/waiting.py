"""Waiting for a condition instead of for a time."""

import threading
import time
from collections.abc import Callable

PATIENCE = 10.0  # seconds


def wait_until[T](condition: Callable[[], T], *, seconds: float = PATIENCE) -> T:
    """The first true value of ``condition``; fails the test when it stays false."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"did not happen within {seconds:g} s: {condition}"
        pause.wait(0.02)
    return value
