"""What a loss takes, and what the sign-in would say afterwards. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sls.login import rules as login
from sls.login.rules import Challenge, Choose, Way
from sls.methods.rules import Place
from sls.recovery import rules as recovery
from sls.recovery.rules import Goal, Leads, Second


class Loss(StrEnum):
    """What may get lost, the worst first."""

    PHONE = "phone"
    SIM = "sim"
    COMPUTER = "computer"
    CODES = "codes"
    CARD = "card"
    KEY = "key"
    EMAIL = "email"


# The card is in the phone, and so the number is lost with it. Nobody signs in by e-mail.
TAKES: dict[Loss, frozenset[Place]] = {
    Loss.PHONE: frozenset({Place.PHONE, Place.SIM}),
    Loss.SIM: frozenset({Place.SIM}),
    Loss.COMPUTER: frozenset({Place.COMPUTER}),
    Loss.CODES: frozenset({Place.PAPER}),
    Loss.CARD: frozenset({Place.CARD}),
    Loss.KEY: frozenset({Place.KEY}),
    Loss.EMAIL: frozenset(),
}


class State(StrEnum):
    """What a method does after a loss."""

    OPENS = "opens"
    LOST = "lost"
    BARRED = "barred"  # is still there, but a policy demands more


@dataclass(frozen=True, slots=True)
class Device:
    """An authenticator as the sign-in sees it, its method, and the place it is lost with."""

    way: Way
    method: str
    place: str


@dataclass(frozen=True, slots=True)
class Holder:
    """What else the sign-in knows of whoever holds the devices (``login.Facts``)."""

    active: bool
    least: int
    holds_strong: bool
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A method after a loss: of ``of`` authenticators ``kept`` are still there, and ``left`` open
    the door."""

    method: str
    left: int
    kept: int
    of: int

    @property
    def state(self) -> State:
        if self.left:
            return State.OPENS
        return State.BARRED if self.kept else State.LOST


@dataclass(frozen=True, slots=True)
class Row:
    """A loss. ``opens`` are the ids of what still opens the door, at once. Without any, what was
    lost can be replaced after a wait, where it ``waits``; else support has to help, for days."""

    loss: Loss
    cells: Sequence[Cell]
    opens: Sequence[str]
    waits: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """The ``method`` to add against the worst loss; "" when none would help."""

    loss: Loss
    method: str


RARE = (Loss.CARD, Loss.KEY)


def losses(devices: Sequence[Device]) -> list[Loss]:
    """What everybody may lose; a security card or key only who has one."""
    absent = [loss for loss in RARE if len(after(loss, devices)) == len(devices)]
    return [loss for loss in Loss if loss not in absent]


def after(loss: Loss, devices: Iterable[Device]) -> list[Device]:
    """What the loss leaves."""
    return [device for device in devices if device.place not in TAKES[loss]]


def opens(devices: Sequence[Device], holder: Holder) -> list[str]:
    """The ids of those by which the sign-in would let somebody in who is activated."""
    decision = login.decide(
        login.Facts(
            active=holder.active,
            frozen=False,
            activated=True,
            ways=[device.way for device in devices],
            has_number=True,
            least=holder.least,
            holds_strong=holder.holds_strong,
        )
    )
    if isinstance(decision, Challenge):
        return [decision.device]
    return list(decision.devices) if isinstance(decision, Choose) else []


def matrix(devices: Sequence[Device], holder: Holder, *, methods: Sequence[str]) -> list[Row]:
    """A row for every loss, a cell in it for each of ``methods`` that is held."""
    held = {device.method for device in devices}
    methods = [method for method in methods if method in held]
    return [_row(loss, devices, holder, methods) for loss in losses(devices)]


def _row(loss: Loss, devices: Sequence[Device], holder: Holder, methods: Sequence[str]) -> Row:
    kept = after(loss, devices)
    left = opens(kept, holder)
    cells = [
        Cell(
            method,
            left=sum(one.method == method and one.way.id in left for one in kept),
            kept=sum(one.method == method for one in kept),
            of=sum(one.method == method for one in devices),
        )
        for method in methods
    ]
    return Row(loss, cells, left, waits(loss, holder))


def waits(loss: Loss, holder: Holder) -> bool:
    """Whether somebody who lost it would get a new way to sign in by mail and password, later."""
    to = recovery.leads(Goal.FACTOR, Second.PASSWORD, staff=holder.staff)
    return holder.active and loss is not Loss.EMAIL and to is Leads.NEW_FACTOR_LATER


def advice(devices: Sequence[Device], holder: Holder, *, new: Sequence[Device]) -> Advice | None:
    """The one thing to do: against the loss that locks out and takes most; None if none does.

    ``new`` are authenticators that could be added, in the order in which they are recommended.
    What is not held yet is advised first.
    """
    shut = [loss for loss in losses(devices) if not opens(after(loss, devices), holder)]
    if not shut:
        return None
    worst = max(shut, key=lambda loss: len(devices) - len(after(loss, devices)))
    held = {device.method for device in devices}
    for one in sorted(new, key=lambda one: one.method in held):
        if one.way.id in opens(after(worst, [*devices, one]), holder):
            return Advice(worst, one.method)
    return Advice(worst, "")
