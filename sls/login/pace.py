"""Evens out the time of an answer to name and password.

A right password leads to more work than a wrong one, and a known name to more than an unknown
one. Each answer is therefore held until a fixed share of its own hash time has passed since the
hash, which that work never fills (SPEED G18, SECURITY A5). With a cheap hash there is no wait.
"""

import time

SHARE = 0.25


def even(*, hash_seconds: float, since: float) -> None:
    """Waits until a share of ``hash_seconds`` has passed since ``since`` (perf_counter)."""
    left = since + SHARE * hash_seconds - time.perf_counter()
    if left > 0:
        time.sleep(left)
