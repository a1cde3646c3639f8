"""Who may be the second person. Pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

REASON_MAX = 200
TICKET_MAX = 20


class Bar(StrEnum):
    """Why somebody does not decide about a request."""

    OWN = "own"
    ENDED = "ended"
    NOT_YOURS = "not_yours"  # no power over it, or it is about whoever would decide


def bar(
    *,
    asker: Iterable[str],
    decider: Iterable[str],
    subject: Iterable[str],
    has_power: bool,
    asker_works: bool,
    is_open: bool,
    now: datetime,
    expires_at: datetime,
) -> Bar | None:
    """Why ``decider`` may not decide, None when they may.

    The three are what a person is known by: user name, and the number of the person where the
    brokerage has one. Two user names of one person are one person. ``asker_works`` says that
    whoever asked is still of staff and may still ask for it.
    """
    one, other, about = (_known(names) for names in (asker, decider, subject))
    if not is_open or now >= expires_at or not asker_works or one & about:
        return Bar.ENDED
    if one & other:
        return Bar.OWN
    if other & about or not has_power:
        return Bar.NOT_YOURS
    return None


def _known(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names if name}
