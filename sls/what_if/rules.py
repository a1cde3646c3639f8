"""What a loss takes, and what the sign-in would say afterwards. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sls.login.rules import Challenge, Choose, Facts, decide


class Loss(StrEnum):
    """What may get lost, the worst first."""

    PHONE = "phone"
    SIM = "sim"
    COMPUTER = "computer"
    CARD = "card"
    CODES = "codes"
    EMAIL = "email"


# The card is in the phone, and so the number is lost with it. Nobody signs in by e-mail.
TAKES: dict[Loss, frozenset[str]] = {
    Loss.PHONE: frozenset({"phone", "sim"}),
    Loss.SIM: frozenset({"sim"}),
    Loss.COMPUTER: frozenset({"computer"}),
    Loss.CARD: frozenset({"card"}),
    Loss.CODES: frozenset({"paper"}),
    Loss.EMAIL: frozenset(),
}


class State(StrEnum):
    """What a method does after a loss."""

    OPENS = "opens"
    LOST = "lost"
    ABSENT = "absent"  # was not held before either


@dataclass(frozen=True, slots=True)
class Device:
    """An authenticator: its persistent id, its method, and the place it is lost with."""

    id: str
    method: str
    place: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A method after a loss: ``left`` of ``of`` authenticators still open the door."""

    method: str
    left: int
    of: int

    @property
    def state(self) -> State:
        if not self.of:
            return State.ABSENT
        return State.OPENS if self.left else State.LOST


@dataclass(frozen=True, slots=True)
class Row:
    """A loss. ``opens`` are the ids of what still opens the door, at once; without any, support
    has to help, which takes days."""

    loss: Loss
    cells: Sequence[Cell]
    opens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """The ``method`` to add against the worst loss; "" when none would help."""

    loss: Loss
    method: str


def after(loss: Loss, devices: Iterable[Device]) -> list[Device]:
    """What the loss leaves."""
    return [device for device in devices if device.place not in TAKES[loss]]


def opens(devices: Sequence[Device], *, active: bool) -> list[str]:
    """The ids of those by which the sign-in would let somebody in who is activated."""
    ids = [device.id for device in devices]
    decision = decide(Facts(active=active, activated=True, devices=ids, has_number=True))
    if isinstance(decision, Challenge):
        return [decision.device]
    return ids if isinstance(decision, Choose) else []


def matrix(devices: Sequence[Device], *, methods: Sequence[str], active: bool) -> list[Row]:
    """A row for every loss, a cell in it for every method. A security card is lost by those alone
    who hold one: few do."""
    has_card = any(device.place in TAKES[Loss.CARD] for device in devices)
    losses = [loss for loss in Loss if has_card or loss is not Loss.CARD]
    return [_row(loss, devices, methods, active=active) for loss in losses]


def _row(loss: Loss, devices: Sequence[Device], methods: Sequence[str], *, active: bool) -> Row:
    left = opens(after(loss, devices), active=active)
    cells = []
    for method in methods:
        held = [device.id for device in devices if device.method == method]
        cells.append(Cell(method, sum(one in left for one in held), len(held)))
    return Row(loss, cells, left)


def advice(devices: Sequence[Device], *, places: dict[str, str], active: bool) -> Advice | None:
    """The one thing to do: against the loss that locks out and takes most; None if none does.

    ``places`` are the methods in the order in which they are recommended, each with the place of
    a new authenticator. What is not held yet is advised first.
    """
    shut = [loss for loss in Loss if not opens(after(loss, devices), active=active)]
    if not shut:
        return None
    worst = max(shut, key=lambda loss: len(devices) - len(after(loss, devices)))
    held = {device.method for device in devices}
    for method in sorted(places, key=lambda method: method in held):
        more = [*devices, Device("", method, places[method])]
        if opens(after(worst, more), active=active):
            return Advice(worst, method)
    return Advice(worst, "")
