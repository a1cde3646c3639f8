"""Rows written as ``Model.save`` writes it, with SQL that is compiled once in a process.

For models without parents and, where rows are inserted, without columns that the database fills in.
No signal of Django is sent: the house has one of its own (``accounts.audit.signals``).
"""

import functools
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Model, QuerySet, sql

from accounts.planned import Slot
from accounts.statements import Part, run


def insert(*rows: Model) -> None:
    """``row.save(force_insert=True)`` of a few rows of one table, in one statement."""
    run(insertion(*rows))


def insertion(*rows: Model) -> Part:
    """The same as a part of a statement."""
    text, fields, key = _insertion(type(rows[0]), len(rows), connection.vendor)

    def done(found: Any) -> None:
        for row, pk in zip(rows, found if key else (), strict=False):
            row.pk = pk
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias

    values = [value for row in rows for value in _values(row, fields, add=True)]
    return Part(text, values, key, done, fixed=True)


def change(row: Model, *names: str) -> None:
    """``row.save(update_fields=names)``; raises ``row.NotUpdated`` when the row is not there."""
    run(changing(row, *names))


def changing(row: Model, *names: str) -> Part:
    """The same as a part of a statement."""
    text, fields = _change(type(row), names, connection.vendor)

    def done(count: int) -> None:
        if count != 1:
            raise row.NotUpdated("no such row")

    return Part(text, _values(row, fields, add=False), done=done, fixed=True)


def updating(queryset: QuerySet, **values: Any) -> Part:
    """``queryset.update(**values)`` as a part of a statement."""
    query = queryset.query.chain(sql.UpdateQuery)
    query.add_update_values(values)
    query.annotations = {}
    return Part(*query.get_compiler(connection=connection).as_sql())


def changed(queryset: QuerySet, **values: Any) -> list[Any]:
    """``queryset.update(**values)`` in one statement that returns the keys of the rows it changed,
    in no order."""
    found: list[Any] = []
    column = queryset.model._meta.pk.column
    try:
        part = updating(queryset, **values)
    except EmptyResultSet:  # nothing can match
        return found
    text = f'{part.text} RETURNING "{column}"'
    run(Part(text, part.params, key=column, done=found.extend))
    return found


def deleting(queryset: QuerySet) -> Part:
    """The DELETE of rows that nothing points to, as a part of a statement."""
    query = queryset.query.chain(sql.DeleteQuery)
    return Part(*query.get_compiler(connection=connection).as_sql())


def _values(row: Model, fields: Sequence[models.Field], *, add: bool) -> list[object]:
    return [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields]


@functools.cache
def _insertion(model: type[Model], count: int, _vendor: str) -> tuple[str, list[models.Field], str]:
    """The INSERT of so many rows, the columns of each, and the key if the database chooses it."""
    fields, key = _columns(model), model._meta.auto_field
    query = sql.InsertQuery(model)
    slots = {field.attname: Slot(field.attname, field) for field in fields if field is not key}
    query.insert_values([f for f in fields if f is not key], [model(**slots)] * count, raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [key] if key else None
    [(text, params)] = compiler.as_sql()
    return text, _fields(model, params[: len(params) // count]), key.column if key else ""


@functools.cache
def _change(
    model: type[Model], names: tuple[str, ...], _vendor: str
) -> tuple[str, list[models.Field]]:
    """The UPDATE of these columns of a row, and the columns of its values, the key being last."""
    fields = {name: model._meta.get_field(name) for name in names}
    if model._meta.parents or any(field.generated for field in fields.values()):
        raise TypeError(f"{model.__name__} is not a plain table")
    key = model._meta.pk
    query = model._base_manager.filter(pk=Slot(key.attname, key)).query.chain(sql.UpdateQuery)
    query.add_update_values({name: Slot(fields[name].attname, fields[name]) for name in names})
    text, params = query.get_compiler(connection=connection).as_sql()
    return text, _fields(model, params)


def _columns(model: type[Model]) -> list[models.Field]:
    fields = model._meta.local_concrete_fields
    if model._meta.parents or any(field.generated or field.has_db_default() for field in fields):
        raise TypeError(f"{model.__name__} is not a plain table")
    return fields


def _fields(model: type[Model], params: tuple[Slot, ...]) -> list[models.Field]:
    columns = {field.attname: field for field in model._meta.local_concrete_fields}
    return [columns[slot.name] for slot in params]
