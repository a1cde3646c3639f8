"""The client's own phrase, by which they tell our messages from those of a swindler.

Sealed on the row of the user, so that whoever has the row has it without a query. It never stands
in a log, an address, the argument of a task or an audit entry, and goes to nobody but the owner:
only to addresses and numbers that are verified.
"""

import logging
from typing import Any

from accounts import vault

log = logging.getLogger(__name__)


def of(user: Any) -> str:
    """The phrase in plain text; "" where none was chosen, or where it cannot be opened."""
    if user is None or user.phrase is None:
        return ""
    try:
        return vault.unseal(user.phrase, table="user", row=str(user.pk), field="phrase").decode()
    except vault.CannotOpen:
        log.exception("the phrase of user %s cannot be opened", user.pk)
        return ""


def sealed(user: Any, phrase: str) -> bytes | None:
    """What is stored of ``phrase``; None for ""."""
    if not phrase:
        return None
    return vault.seal(phrase.encode(), table="user", row=str(user.pk), field="phrase")


def masked(phrase: str) -> str:
    """As it is shown without a proof: the first and the last character."""
    return f"{phrase[0]} … {phrase[-1]}" if phrase else ""
