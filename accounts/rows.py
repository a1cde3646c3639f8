"""One row written as ``Model.save`` writes it, with SQL that is compiled once in a process.

For models without parents and without columns that the database fills in. No signal of Django is
sent: the house has one of its own (``accounts.audit.signals``).
"""

import functools

from django.db import connection, models, transaction
from django.db.models import Model, sql

from accounts.prepared import Slot


def insert(row: Model) -> None:
    """``row.save(force_insert=True)``."""
    text, fields, chosen = _insertion(type(row), connection.vendor)
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(text, _values(row, fields, add=True))
        if chosen:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def change(row: Model, *names: str) -> None:
    """``row.save(update_fields=names)``; raises ``row.NotUpdated`` when the row is not there."""
    text, fields = _change(type(row), names, connection.vendor)
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(text, _values(row, fields, add=False))
        if cursor.rowcount != 1:
            raise row.NotUpdated("no such row")


def _values(row: Model, fields: list[models.Field], *, add: bool) -> list[object]:
    return [field.get_db_prep_save(field.pre_save(row, add), connection) for field in fields]


@functools.cache
def _insertion(model: type[Model], _vendor: str) -> tuple[str, list[models.Field], bool]:
    """The INSERT of a row, its columns, and whether the database chooses the key."""
    fields, key = _columns(model), model._meta.auto_field
    query = sql.InsertQuery(model)
    slots = {field.attname: Slot(field.attname, field) for field in fields if field is not key}
    query.insert_values([f for f in fields if f is not key], [model(**slots)], raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [key] if key else None
    [(text, params)] = compiler.as_sql()
    return text, _fields(model, params), key is not None


@functools.cache
def _change(
    model: type[Model], names: tuple[str, ...], _vendor: str
) -> tuple[str, list[models.Field]]:
    """The UPDATE of these columns of a row, and the columns of its values, the key being last."""
    _columns(model)
    fields = {name: model._meta.get_field(name) for name in names}
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
