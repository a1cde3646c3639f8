"""Statements that PostgreSQL parses and plans once for each connection.

Django writes the values into the text of a statement, so that the server meets each one as a new
one; planning the large statements of a sign-in then costs several times what running them does.
Here the values travel beside the text. Constants stay in it: a plan made for any value could not
use an index that holds some rows only.

A plan outlives the columns it was made for: after a migration that changes the type of one (a
longer text is enough) the server refuses it. It is made anew, outside of a transaction at once; one
that was begun is lost, as by any error, and its rollback takes the plans with it.
"""

import functools
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus
from psycopg.sql import Literal


class Slot(models.Expression):
    """The place of a value: compiles to a parameter that is the slot itself."""

    def __init__(self, name: str, field: models.Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple["Slot"]]:
        return "%s", (self,)

    def bound(self, value: Any) -> Any:
        """What the driver gets for ``value``."""
        return self.output_field.get_db_prep_value(value, connection)


def compiled(text: str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Compiled SQL with its constants in the text, and the slots that are left of its parameters,
    as ``cursor`` takes them."""
    if connection.vendor != "postgresql":
        return text, params
    connection.ensure_connection()  # its encoding decides how constants are written
    places = ("%s" if type(param) is Slot else _written(param) for param in params)
    # Formatted twice, here and by the cursor; what stands for a percent sign stays for the second.
    text = text.replace("%%", "%%%%") % tuple(places)
    return text, [param for param in params if type(param) is Slot]


def _written(constant: Any) -> str:
    return Literal(constant).as_string(connection.connection).replace("%", "%%")


class _Cursor(psycopg.RawCursor):
    def execute(self, query: str, params: Sequence[Any] = ()) -> "_Cursor":
        text = _numbered(query, len(params))
        try:
            return super().execute(text, params, prepare=True)
        except psycopg.errors.FeatureNotSupported:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            self.connection.execute("DEALLOCATE ALL", prepare=False)
            return super().execute(text, params, prepare=True)


@functools.lru_cache(maxsize=1000)
def _numbered(text: str, count: int) -> str:
    return text % tuple(f"${number}" for number in range(1, count + 1))


def cursor() -> CursorWrapper:
    """Django's cursor over one for what ``compiled`` returned."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.close_if_health_check_failed()  # as Django's own cursor does
    connection.ensure_connection()
    return connection._prepare_cursor(_Cursor(connection.connection))
