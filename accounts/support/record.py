"""The record as everybody reads it: the settings' own, with the numbers that staff maintain."""

import logging
import time
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from accounts.support.models import Numbers

log = logging.getLogger(__name__)
LIFE = 60  # seconds for which a process believes what it read
Pairs = tuple[tuple[str, str], ...]
_read: tuple[float, Pairs] | None = None


def current() -> Any:
    """``settings.SUPPORT`` with the numbers in force. One query a minute and process at most."""
    pairs = _pairs()
    if not pairs:
        return settings.SUPPORT
    return replace(settings.SUPPORT, telephone=pairs[0][1], label=pairs[0][0], others=pairs[1:])


def _pairs() -> Pairs:
    known = _read
    if known is not None and time.perf_counter() - known[0] < LIFE:
        return known[1]
    try:
        row = Numbers.objects.first()
    except DatabaseError:
        # Also the page that says so tells how we are reached.
        log.warning("the numbers cannot be read: those of before are shown")
        return _believe(known[1] if known else ())
    return remember(row)


def remember(row: Numbers | None) -> Pairs:
    """From now on this process says what ``row`` says."""
    pairs = tuple((label, number) for label, number in row.numbers) if row else ()
    return _believe(pairs)


def _believe(pairs: Pairs) -> Pairs:
    global _read  # noqa: PLW0603 - one row, which every page shows
    _read = (time.perf_counter(), pairs)
    return pairs
