"""Statements that the ORM builds and compiles once in a process, and that only run afterwards.

Building a query set and compiling it costs about ten times what running it costs. The statements
of every page and of every sign-in therefore stand as functions of their values::

    @prepared
    def _of_key(key: str) -> QuerySet[Session]:
        return Session.objects.select_related("user").filter(key=key)

    row = _of_key.first(key=digest(token))

The SQL is the ORM's own. The function is called once for each kind of database, with a ``Slot`` in
the place of each value; so it depends on nothing else: no setting, no clock, no branch on a value.
Values are of the annotated types, anything else raises ``TypeError``. None is never one: it would
be compared by ``=``, which finds nothing. PostgreSQL plans each statement once for a connection
(``accounts.planned``).
"""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Model, QuerySet, sql
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from accounts import planned
from accounts.planned import Slot
from accounts.statements import Part

_FIELDS: dict[type, models.Field] = {
    str: models.CharField(),
    int: models.BigIntegerField(),
    bool: models.BooleanField(),
    datetime: models.DateTimeField(),
    UUID: models.UUIDField(),
}
type Update = tuple[QuerySet, dict[str, Any]]


class _Statement:
    """What the two kinds share: slots for the arguments, and SQL by kind of database."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._kinds = get_type_hints(build)
        self._kinds.pop("return", None)
        self._slots = {name: Slot(name, _FIELDS[kind]) for name, kind in self._kinds.items()}
        self._compiled: dict[str, Any] = {}
        functools.update_wrapper(self, build)

    def _of_database(self) -> Any:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile()
        return compiled

    def _compile(self) -> Any:
        raise NotImplementedError

    def _bound(self, params: Sequence[Any], values: dict[str, Any]) -> list[Any]:
        if values.keys() != self._kinds.keys():
            raise TypeError(f"{self.__name__} takes {', '.join(self._kinds)}")
        for name, kind in self._kinds.items():
            if not isinstance(values[name], kind):
                raise TypeError(f"{name} of {self.__name__} is not of type {kind.__name__}")
        return [
            param.bound(values[param.name]) if type(param) is Slot else param for param in params
        ]


class prepared[T](_Statement):  # noqa: N801  (a decorator)
    """A SELECT of whole rows (also ``select_related``, annotated, locked) or of ``values_list``."""

    def __call__(self, **values: Any) -> list[T]:
        """All rows. Locks only inside a transaction, as in Django."""
        select, params = self.bound(**values)
        if select.locks and connection.get_autocommit():
            raise transaction.TransactionManagementError("rows are locked in a transaction only")
        with planned.cursor() as cursor:
            cursor.execute(select.sql, params)
            return select.made(cursor.fetchall())

    def bound(self, **values: Any) -> tuple["Select", list[Any]]:
        """The statement and its parameters, for who runs it (``accounts.joined``)."""
        select = self._of_database()
        return select, self._bound(select.params, values)

    def first(self, **values: Any) -> T | None:
        """The first row, None without one. How many are read is the statement's to limit."""
        rows = self(**values)
        return rows[0] if rows else None

    def one(self, **values: Any) -> T:
        """The only row. Raises ``DoesNotExist`` and ``MultipleObjectsReturned`` of the model."""
        rows = self(**values)
        if len(rows) == 1:
            return rows[0]
        model = self._of_database().model
        raise model.MultipleObjectsReturned if rows else model.DoesNotExist

    def _compile(self) -> "Select":
        return Select(self._build(**self._slots))


class Select:
    """A compiled SELECT, and how its rows become what the query set yields (``made``)."""

    def __init__(self, queryset: QuerySet) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.model = queryset.model
        self.sql, self.params = planned.compiled(*compiler.as_sql())
        self.locks = queryset.query.select_for_update and connection.features.has_select_for_update
        columns = [column for column, *_ in compiler.select]
        self._converters = list(compiler.get_converters(columns).items())
        self._width = compiler.col_count
        if queryset._iterable_class is ModelIterable:
            self._make = _maker(queryset, compiler)
        elif queryset._iterable_class is ValuesListIterable:
            self._make = tuple
        else:
            raise TypeError("only rows and values_list() can be prepared")

    def made(self, rows: list[tuple]) -> list[Any]:
        return [self._make(self._converted(row)) for row in rows]

    def _converted(self, row: tuple) -> list[Any]:
        values = list(row[: self._width])
        for place, (converters, column) in self._converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values


def _maker(queryset: QuerySet, compiler: Any) -> Callable[[list[Any]], Model]:
    """What ``ModelIterable`` does with a row, its preparations made once."""
    info, select = compiler.klass_info, compiler.select
    model, alias, mode = info["model"], queryset.db, queryset._fetch_mode
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[start:end]]
    related = get_related_populators(info, select, alias, mode)
    annotations = list(compiler.annotation_col_map.items())

    def make(row: list[Any]) -> Model:
        made = model.from_db(alias, names, row[start:end], fetch_mode=mode)
        for one in related:
            one.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make


class prepared_update(_Statement):  # noqa: N801  (a decorator)
    """An UPDATE. The function returns the query set and the new values of its columns."""

    def __call__(self, **values: Any) -> int:
        """How many rows were changed."""
        text, params = self._of_database()
        with transaction.mark_for_rollback_on_error(), planned.cursor() as cursor:
            cursor.execute(text, self._bound(params, values))
            return cursor.rowcount

    def part(self, *, done: Callable[[int], None], **values: Any) -> Part:
        """The same as a part of a statement; ``done`` is told how many rows were changed."""
        text, params = self._of_database()
        return Part(text, self._bound(params, values), done=done, fixed=True)

    def _compile(self) -> tuple[str, Sequence[Any]]:
        queryset, columns = self._build(**self._slots)
        query = queryset.query.chain(sql.UpdateQuery)
        query.add_update_values(columns)
        query.annotations = {}
        if query.is_sliced or query.get_related_updates():
            raise TypeError("only rows of one table, chosen by a filter, can be updated")
        return planned.compiled(*query.get_compiler(connection=connection).as_sql())
