"""Writes that nobody reads back at once: they wait for each other and go in one statement.

An act is recorded, told, and ends or holds a dozen other things, each with a small write of its
own. Inside ``gathering`` they wait for its end. Whoever lets a write wait here knows that nothing
until then reads what it writes; what has to be read or counted is written as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts import rows
from accounts.statements import Part, run


@dataclass(slots=True)
class _Write:
    """``part`` is made when it is sent, from what its rows hold then; ``adds`` says that it is an
    INSERT."""

    table: str
    part: Callable[[], Part]
    adds: bool


@dataclass(slots=True)
class _Ending:
    """An UPDATE that others of its ``kind`` join."""

    table: str
    kind: str
    queryset: QuerySet
    values: dict[str, Any]
    adds: bool = False

    def part(self) -> Part:
        return rows.updating(self.queryset, **self.values)


class _Waiting:
    """What waits, in order, and what is known meanwhile (``known``)."""

    def __init__(self) -> None:
        self.writes: list[_Write | _Ending] = []
        self.known: dict[Any, Any] = {}

    def join(self, ending: _Ending) -> None:
        for one in self.writes:
            if isinstance(one, _Ending) and (one.table, one.kind) == (ending.table, ending.kind):
                one.queryset |= ending.queryset
                return
        self.writes.append(ending)

    def send(self) -> None:
        """In the order of the writes, and in as few statements as hold no two writes of one table;
        new rows of one do not meet."""
        parts: list[Part] = []
        tables: dict[str, bool] = {}
        for one in self.writes:
            if not tables.get(one.table, True) or (one.table in tables and not one.adds):
                run(*parts)
                parts, tables = [], {}
            parts.append(one.part())
            tables[one.table] = one.adds
        if parts:
            run(*parts)


_open: ContextVar[_Waiting | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """What is given to the functions below inside is written at its end, if nothing was raised.

    Inside another one it belongs to that. The caller is in a transaction.
    """
    if _open.get() is not None:
        yield
        return
    waiting = _Waiting()
    token = _open.set(waiting)
    try:
        yield
    finally:
        _open.reset(token)
    waiting.send()


def known() -> dict[Any, Any]:
    """What is kept until what waits is written; kept by nobody outside of ``gathering``."""
    waiting = _open.get()
    return {} if waiting is None else waiting.known


def insert(*new: Model) -> None:
    """``rows.insert``, of what the rows hold when they are written."""

    def part() -> Part:
        for row in new:
            _point(row)
        return rows.insertion(*new)

    _write(new[0], part, adds=True)


def change(row: Model, *names: str) -> None:
    """``rows.change``, of what the row holds when it is written."""

    def part() -> Part:
        _point(row)
        return rows.changing(row, *names)

    _write(row, part)


def end(queryset: QuerySet, *, kind: str, **values: Any) -> None:
    """``queryset.update(**values)`` by which something ends; nobody is told of how many.

    Those of one ``kind`` (of a table) set the same columns alike, and become one UPDATE: a row that
    two of them mean gets the values of the first.
    """
    table = queryset.model._meta.db_table
    if (waiting := _open.get()) is None:
        run(rows.updating(queryset, **values))
    else:
        waiting.join(_Ending(table, kind, queryset, values))


def drop(queryset: QuerySet) -> None:
    """Deletes rows that nothing will point to any more; nobody is told of how many."""
    _write(queryset.model, lambda: rows.deleting(queryset))


def _write(model: Model | type[Model], part: Callable[[], Part], *, adds: bool = False) -> None:
    if (waiting := _open.get()) is None:
        run(part())
    else:
        waiting.writes.append(_Write(model._meta.db_table, part, adds))


def _point(row: Model) -> None:
    """A row that this one points to may have been written, and got its key, since."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row) and getattr(row, field.attname) is None:
            there = getattr(row, field.name)
            setattr(row, field.attname, there and there.pk)
