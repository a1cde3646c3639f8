"""A least time for answers that must not tell by their length whether a name exists."""

import time
from typing import Self

from django.conf import settings

SECONDS = 0.25


class Floor:
    """A block that takes at least ``SECONDS``: what is done for a known name fits well inside.

    The test profile has no floor; the benches measure with it.
    """

    def __enter__(self) -> Self:
        self._since = time.perf_counter()
        return self

    def __exit__(self, *_error: object) -> None:
        left = self._since + SECONDS - time.perf_counter()
        if left > 0 and not settings.TESTING:
            time.sleep(left)
