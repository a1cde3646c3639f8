"""Several SELECTs as one statement: what a page reads of this and that, in one trip.

On PostgreSQL each is joined to the others on nothing: a row that comes back is a row of one of
them, and all see the tables at the same moment. Elsewhere they run one after the other.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db import connection

from accounts import planned
from accounts.prepared import prepared

_PLACE = "place of the row"  # what no column is called


@dataclass(frozen=True, slots=True)
class Read[T]:
    """A ``select`` with its ``values``, not yet run; ``made`` makes of its rows what is wanted."""

    select: prepared
    values: dict[str, Any]
    made: Callable[[list[Any]], T] = field(default=list)

    def alone(self) -> T:
        """Runs it."""
        return self.made(self.select(**self.values))


def first[T](rows: list[T]) -> T | None:
    """What ``Read`` makes of the rows where there is one at most."""
    return rows[0] if rows else None


def read(*reads: Read) -> tuple[Any, ...]:
    """What each of ``reads`` gives, in one query where the database can. Raises ``TypeError`` for
    one that locks: what waits for a lock has to be a statement of its own, since all that it does
    not lock is as it was before the wait."""
    bound = [one.select.bound(**one.values) for one in reads]
    if any(select.locks for select, _params in bound):
        raise TypeError("a SELECT that locks runs alone")
    if len(reads) < 2 or connection.vendor != "postgresql":
        return tuple(one.alone() for one in reads)
    with planned.cursor() as cursor:
        text = _joined(tuple(select.sql for select, _params in bound))
        cursor.execute(text, [param for _select, params in bound for param in params])
        starts = [at for at, column in enumerate(cursor.description) if column.name == _PLACE]
        found = cursor.fetchall()
    return tuple(
        one.made(select.made(_rows(found, start, end)))
        for one, (select, _params), start, end in zip(
            reads, bound, starts, [*starts[1:], None], strict=True
        )
    )


def _rows(found: list[tuple], start: int, end: int | None) -> list[tuple]:
    """Those of one SELECT, in its order, without their places."""
    mine = [row[start:end] for row in found if row[start] is not None]
    return [row[1:] for row in sorted(mine, key=itemgetter(0))]


@functools.lru_cache(maxsize=100)
def _joined(texts: tuple[str, ...]) -> str:
    places = f'row_number() OVER () AS "{_PLACE}"'
    first, *rest = (
        f"(SELECT {places}, mine.* FROM ({text}) AS mine) AS part{number}"  # noqa: S608
        for number, text in enumerate(texts)  # statements of our own
    )
    others = "".join(f" FULL JOIN {part} ON FALSE" for part in rest)
    return f"SELECT * FROM {first}{others}"  # noqa: S608
