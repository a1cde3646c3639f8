"""How the brokerage's own systems write things, and how what cannot be is refused."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from accounts.problems import Problem

_DAY, _TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_MOMENT = rf"^{_DAY}T{_TIME}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"
# More than zero, to the hundredth.
AMOUNT = r"^(0\.(0[1-9]|[1-9][0-9]?)|[1-9][0-9]{0,11}(\.[0-9]{1,2})?)$"
SYMBOL = "^[!-~]([ -~]{0,38}[!-~])?$"
# Of something, in the system that sends it. Not "." or "..", which no address can hold.
ID = "^[A-Za-z0-9_:-][A-Za-z0-9._:-]{0,63}$"
# Something that can be read, on one line, without space around it.
LINE = "^[!-~\u00a1-\uffee]([ !-~\u00a1-\uffee]*[!-~\u00a1-\uffee])?$"

Account = Annotated[str, StringConstraints(pattern="^U[0-9]{7}$"), Field(examples=["U1000001"])]
Moment = Annotated[
    str, StringConstraints(pattern=_MOMENT), Field(examples=["2026-11-26T15:00:00Z"])
]


def no_account() -> Problem:
    """The answer about an account that is not there."""
    return Problem(404, "There is no such account.")


def unsound(detail: str, reason: str) -> Problem:
    """The answer to what is well written and cannot be."""
    return Problem(422, detail, kind="unsound", reason=reason)


def moment(text: str, *, reason: str) -> datetime:
    """The moment that a ``Moment`` names, in UTC. Raises ``Problem`` where there is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise unsound("There is no such time.", reason) from None
