"""What of a record stands in a digest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The headings of a digest, in their order."""

    SIGN_INS = "sign_ins"
    REFUSED = "refused"
    CHANGES = "changes"


_REFUSED = frozenset(
    {
        "password.failed",
        "sign_in.refused",
        "sign_in.failed",
        "sign_in.stopped",
        "sign_in.locked",
        "sign_in.unlock_failed",
        "identity.failed",
        "identity.refused",
        "recovery.failed",
        "code.kept_back",
        "card.refused",
        "device.counter_back",
    }
)
_SIGN_INS = frozenset({"sign_in.done", "sign_in.new_device", "sign_in.unusual"})


@dataclass(frozen=True, slots=True)
class Count:
    """How often an event happened, and when last."""

    event: str
    times: int
    last: datetime


def kind(event: str, *, told: bool) -> Kind | None:
    """Under which heading an event stands; None for what a digest leaves out. ``told`` says that
    the owner gets an alert of it."""
    if event in _SIGN_INS:
        return Kind.SIGN_INS
    if event in _REFUSED:
        return Kind.REFUSED
    return Kind.CHANGES if told else None


def times(counts: Iterable[Count]) -> int:
    """How often any of them happened."""
    return sum(count.times for count in counts)


def sign_ins(counts: Sequence[Count]) -> int:
    """How many sign-ins there were: a new device and an unusual one come with the sign-in."""
    return times(count for count in counts if count.event == "sign_in.done")
