"""Evens out the time of an answer to name and password.

A right password leads to more work than a wrong one, and a known name to more than an unknown
one. Each answer is therefore held until a fixed share of its own hash time has passed since the
hash, which that work never fills (SPEED G18, SECURITY A5). With a cheap hash there is no wait.
"""

import time
from dataclasses import dataclass, field

SHARE = 0.25


@dataclass(slots=True)
class Pace:
    """Starts when the hash is done; ``hash_seconds`` is how long it took."""

    hash_seconds: float = 0.0
    since: float = field(default_factory=time.perf_counter)

    def even(self) -> None:
        """Waits for what is left of the share, if anything."""
        left = self.since + SHARE * self.hash_seconds - time.perf_counter()
        if left > 0:
            time.sleep(left)
