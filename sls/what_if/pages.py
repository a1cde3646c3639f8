"""The matrix in words: read from the tables, nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from accounts.users.models import User
from sls.login import offers
from sls.methods import registry
from sls.methods.protocol import DeviceRow, Method
from sls.methods.rules import TEMPORARY
from sls.policy import services as policy
from sls.what_if import rules, wording
from sls.what_if.rules import Cell, Device, Holder, Row


@dataclass(frozen=True, slots=True)
class ShownCell:
    """``state`` chooses the drawing; ``more`` tells how many are left where some are lost."""

    method: str
    label: str
    state: str
    words: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``verdict`` tells how long it takes to get in; ``is_open`` whether that is at once."""

    loss: str
    label: str
    more: str
    cells: Sequence[ShownCell]
    is_open: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``methods`` are held, ``others`` not set up. ``advice`` is a sentence, "" when every loss
    leaves a way."""

    methods: Sequence[str]
    others: Sequence[str]
    rows: Sequence[ShownRow]
    advice: str


def what_if(user: User) -> Shown:
    """The matrix of the user, from what can prove something now. Two queries."""
    devices, holder = [_device(row) for row in registry.devices(user.pk)], _holder(user)
    held = {device.method for device in devices}
    lasting = [method for method in registry.METHODS if method.code not in TEMPORARY]
    labels = {
        method.code: str(method.label)
        for method in registry.METHODS
        if method in lasting or method.code in held
    }
    rows = rules.matrix(devices, holder, methods=list(labels))
    advice = rules.advice(devices, holder, new=[_new(method) for method in lasting])
    return Shown(
        methods=[label for code, label in labels.items() if code in held],
        others=[label for code, label in labels.items() if code not in held],
        rows=[_row(row, labels) for row in rows],
        advice=wording.advice(advice, labels) if advice else "",
    )


def _holder(user: User) -> Holder:
    known = policy.read(user.pk)
    least = policy.standing(known).least
    return Holder(
        active=known.is_active, least=least, holds_strong=known.holds_strong, staff=known.is_staff
    )


def _device(row: DeviceRow) -> Device:
    return Device(offers.way(row), row.method, row.lives_on)


def _new(method: Method) -> Device:
    """One more authenticator of the method, as it would be if it were there."""
    row = DeviceRow("", method.code, "", "", True, None, lives_on=method.lives_on)
    return _device(row)


def _row(row: Row, labels: dict[str, str]) -> ShownRow:
    return ShownRow(
        loss=row.loss,
        label=wording.loss(row.loss),
        more=wording.taken(row.loss),
        cells=[_cell(cell, labels[cell.method]) for cell in row.cells],
        is_open=bool(row.opens),
        verdict=wording.verdict(row),
    )


def _cell(cell: Cell, label: str) -> ShownCell:
    more = ""
    if 0 < cell.left < cell.of:
        more = ngettext("%(left)s of %(of)s is left", "%(left)s of %(of)s are left", cell.left) % {
            "left": cell.left,
            "of": cell.of,
        }
    return ShownCell(cell.method, label, cell.state, wording.state(cell.state), more)
