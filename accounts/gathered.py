"""Writes that nobody reads back at once: they wait for each other and go in one statement.

An act is recorded, told, and ends or holds a dozen other things, each with a small write of its
own. Inside ``gathering`` they wait for its end. Whoever lets a write wait here knows that nothing
until then reads what it writes; what has to be read or counted is written as ever.
"""

import functools
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

    model: type[Model]
    part: Callable[[], Part]
    adds: bool


@dataclass(slots=True)
class _Ending:
    """An UPDATE that others of its ``kind`` join."""

    model: type[Model]
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
            if isinstance(one, _Ending) and (one.model, one.kind) == (ending.model, ending.kind):
                one.queryset |= ending.queryset
                return
        self.writes.append(ending)

    def send(self) -> None:
        """In the order of the writes, and in as few statements as hold no two writes of one table,
        new rows of one not counted, and none that waits for the key of another's new row."""
        parts: list[Part] = []
        met: dict[type[Model], bool] = {}
        for one in self.writes:
            again = one.model in met and not (one.adds and met[one.model])
            if again or any(met.get(model) for model in _named_by_the_database(one.model)):
                run(*parts)
                parts, met = [], {}
            parts.append(one.part())
            met[one.model] = one.adds
        if parts:
            run(*parts)


_open: ContextVar[_Waiting | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[bool]:
    """What is given to the functions below inside is written at its end, if nothing was raised.

    Inside another one it belongs to that, and yields False. The caller is in a transaction.
    """
    if _open.get() is not None:
        yield False
        return
    waiting = _Waiting()
    token = _open.set(waiting)
    try:
        yield True
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

    _write(type(new[0]), part, adds=True)


def change(row: Model, *names: str) -> None:
    """``rows.change``, of what the row holds when it is written."""

    def part() -> Part:
        _point(row)
        return rows.changing(row, *names)

    _write(type(row), part)


def end(queryset: QuerySet, *, kind: str, **values: Any) -> None:
    """``queryset.update(**values)`` by which something ends; nobody is told of how many.

    Those of one ``kind`` (of a table) set the same columns alike, and become one UPDATE: a row that
    two of them mean gets the values of the first.
    """
    if (waiting := _open.get()) is None:
        run(rows.updating(queryset, **values))
    else:
        waiting.join(_Ending(queryset.model, kind, queryset, values))


def drop(queryset: QuerySet) -> None:
    """Deletes rows that nothing will point to any more; nobody is told of how many."""
    _write(queryset.model, lambda: rows.deleting(queryset))


def lead(*writes: tuple[type[Model], Callable[[], Part], bool]) -> None:
    """Writes that go before all that waits: the model, what makes the part, and whether it is an
    INSERT. Only inside ``gathering``."""
    _open.get().writes[:0] = [_Write(*one) for one in writes]


def _write(model: type[Model], part: Callable[[], Part], *, adds: bool = False) -> None:
    if (waiting := _open.get()) is None:
        run(part())
    else:
        waiting.writes.append(_Write(model, part, adds))


@functools.cache
def _named_by_the_database(model: type[Model]) -> frozenset[type[Model]]:
    """The models that rows of ``model`` point to, and whose keys the database chooses."""
    pointed = (field.related_model for field in model._meta.concrete_fields if field.is_relation)
    return frozenset(there for there in pointed if there._meta.auto_field)


def _point(row: Model) -> None:
    """A row that this one points to may have been written, and got its key, since."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row) and getattr(row, field.attname) is None:
            there = getattr(row, field.name)
            setattr(row, field.attname, there and there.pk)
