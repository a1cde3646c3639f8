"""Accounts opened from a table: read, tried without leaving a trace, and opened."""

import csv
import io
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.client_accounts.models import LegalEntity
from accounts.origin import Origin
from sls.enrolment.services import CannotOpen, Opening, open_account

COLUMNS = ("username", "name", "email", "mobile", "account", "language", "entity")
ROWS_MAX = 200


class Unreadable(ValueError):
    """The table as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table by its number in the file; ``error`` is "" where it is fine."""

    number: int
    username: str
    account: str
    error: str


def read(text: str) -> list[tuple[int, Opening | str]]:
    """The rows by number, each an opening or what is wrong with it. Raises ``Unreadable``."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    try:
        columns = tuple(name.strip().lower() for name in rows.fieldnames or ())
        if set(columns) - set(COLUMNS) or set(COLUMNS[:5]) - set(columns):
            raise Unreadable(
                _("The first line names the columns: %(columns)s.")
                % {"columns": ", ".join(COLUMNS)}
            )
        rows.fieldnames = list(columns)
        found = []
        for row in rows:
            if len(found) == ROWS_MAX:
                raise Unreadable(_("At most %(most)d rows at once.") % {"most": ROWS_MAX})
            found.append((rows.line_num, _opening(row)))
    except csv.Error as error:
        raise Unreadable(_("The table cannot be read: %(why)s.") % {"why": error}) from None
    if not found:
        raise Unreadable(_("There is no row below the names of the columns."))
    return found


def _opening(row: dict) -> Opening | str:
    if None in row or None in row.values():
        return _("It has more or fewer fields than there are columns.")
    values = {name: row.get(name, "").strip() for name in COLUMNS}
    values["language"] = values["language"] or settings.LANGUAGE_CODE
    if values["entity"] and values["entity"] not in LegalEntity.values:
        return _("There is no legal entity %(entity)s.") % {"entity": values["entity"][:20]}
    return Opening(**values)


def run(
    rows: list[tuple[int, Opening | str]], *, keep: bool, origin: Origin, actor: str
) -> list[Line]:
    """Opens every row, or with ``keep`` False only tries to: then nothing is written and nothing
    sent. One row that fails leaves nothing of any behind."""
    with transaction.atomic():
        lines = [_run(number, one, origin=origin, actor=actor) for number, one in rows]
        if not keep or any(line.error for line in lines):
            transaction.set_rollback(True)
    return lines


def _run(number: int, one: Opening | str, *, origin: Origin, actor: str) -> Line:
    if isinstance(one, str):
        return Line(number, "", "", one)
    try:
        with transaction.atomic():
            open_account(opening=one, origin=origin, actor=actor)
    except CannotOpen as error:
        return Line(number, one.username[:64], one.account[:16], str(error))
    return Line(number, one.username, one.account, "")
