"""Which endpoints take which events, as a process remembers it for a moment.

Events happen all the time and endpoints change once a month. An endpoint is told of what happens
``LIFE`` seconds after it was added or chose anew at the latest; one that is off gets nothing at
once, because delivery looks at its row.
"""

import time
from collections.abc import Sequence

from accounts.outbox.hooks.models import Hook

LIFE = 5  # seconds for which a process believes what it read
_read: tuple[float, Sequence[tuple[int, list[str]]]] | None = None


def those_for(event: str) -> list[int]:
    """The endpoints that take an event of this type. One query at most."""
    return [pk for pk, types in _taking() if event in types]


def _taking() -> Sequence[tuple[int, list[str]]]:
    global _read  # noqa: PLW0603 - ten rows at most, for everybody
    if _read is None or time.perf_counter() - _read[0] >= LIFE:
        rows = Hook.objects.filter(off="").values_list("pk", "types").order_by("pk")
        _read = (time.perf_counter(), list(rows))
    return _read[1]


def forget() -> None:
    """The next event reads them anew."""
    global _read  # noqa: PLW0603 - as above
    _read = None
