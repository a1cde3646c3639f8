"""The matrix in words: read from the tables, nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.users.models import User
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.what_if import rules, wording
from sls.what_if.rules import Cell, Device, Row


@dataclass(frozen=True, slots=True)
class ShownCell:
    """``state`` chooses the drawing; ``more`` tells how many are left where there are several."""

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
    """``advice`` is a sentence, "" when every loss leaves a way."""

    methods: Sequence[str]
    rows: Sequence[ShownRow]
    advice: str


def what_if(user: User) -> Shown:
    """The matrix of the user, from what can prove something now. One query."""
    devices = [_device(row) for row in registry.devices(user.pk)]
    labels = {method.code: str(method.label) for method in registry.METHODS}
    places = {method.code: method.lives_on for method in registry.METHODS}
    rows = rules.matrix(devices, methods=list(labels), active=user.is_active)
    advice = rules.advice(devices, places=places, active=user.is_active)
    return Shown(
        methods=list(labels.values()),
        rows=[_row(row, labels) for row in rows],
        advice=wording.advice(advice, labels) if advice else "",
    )


def _device(row: DeviceRow) -> Device:
    return Device(row.id, row.method, row.lives_on)


def _row(row: Row, labels: dict[str, str]) -> ShownRow:
    return ShownRow(
        loss=row.loss,
        label=wording.loss(row.loss),
        more=wording.taken(row.loss),
        cells=[_cell(cell, labels[cell.method]) for cell in row.cells],
        is_open=bool(row.opens),
        verdict=_("At once") if row.opens else _("A few days, through support"),
    )


def _cell(cell: Cell, label: str) -> ShownCell:
    more = ""
    if cell.left and cell.of > 1:
        more = ngettext("%(left)s of %(of)s is left", "%(left)s of %(of)s are left", cell.left) % {
            "left": cell.left,
            "of": cell.of,
        }
    return ShownCell(cell.method, label, cell.state, wording.state(cell.state), more)
