"""Several writes as one statement.

On PostgreSQL the parts become a ``WITH``, elsewhere they run one after the other. There all parts
see the tables as they were before the statement, and in no order that could be relied on: so each
is of a table of its own, and none reads what another writes (``accounts.gathered`` sees to that).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from accounts import planned


def _ignored(found: Any) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Part:
    """One INSERT, UPDATE or DELETE. ``key`` is the column whose values come back, in the order of
    the rows, where its text returns one. ``done`` is told these values, else how many rows it
    was. The text of one that is ``fixed`` is the same whatever the values."""

    text: str
    params: Sequence[Any]
    key: str = ""
    done: Callable[[Any], None] = _ignored
    fixed: bool = False


def run(*parts: Part) -> None:
    """Runs what is given, in one statement where the database can. Each part is told its outcome
    once all have run; what it raises is raised."""
    opened = planned.cursor if all(part.fixed for part in parts) else connection.cursor
    with transaction.mark_for_rollback_on_error(), opened() as cursor:
        if len(parts) > 1 and connection.vendor == "postgresql":
            found = _as_one(cursor, parts)
        else:
            found = [_alone(cursor, part) for part in parts]
    for part, result in zip(parts, found, strict=True):
        part.done(result)


def _as_one(cursor: Any, parts: Sequence[Part]) -> Sequence[Any]:
    texts = [f"{part.text} RETURNING 1" if not part.key else part.text for part in parts]
    named = ", ".join(f"part{place} AS ({text})" for place, text in enumerate(texts))
    # A sequence numbers the rows of a statement in their order.
    told = ", ".join(
        f"(SELECT {_told(part)} FROM part{place})"  # noqa: S608  (names of our own columns)
        for place, part in enumerate(parts)
    )
    text = f"WITH {named} SELECT {told}"
    cursor.execute(text, [value for part in parts for value in part.params])
    return cursor.fetchone()


def _told(part: Part) -> str:
    return f'array_agg("{part.key}" ORDER BY "{part.key}")' if part.key else "count(*)"


def _alone(cursor: Any, part: Part) -> Any:
    cursor.execute(part.text, part.params)
    return [key for (key,) in cursor.fetchall()] if part.key else cursor.rowcount
