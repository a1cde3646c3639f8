"""Counting statements: what the goals count is work, so transaction bounds are left out."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from accounts.outbox.hooks import taking

_BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Statements(list[str]):
    """The statements seen so far."""

    def __str__(self) -> str:
        return "\n".join(f"{place:3} {sql}" for place, sql in enumerate(self, 1))


@contextmanager
def counted_queries(
    expected: int | None = None, *, most: int | None = None
) -> Iterator[Statements]:
    """Yields the statements of the block and asserts their number where one is given.

    Statements of this thread's connection only; a live server's threads have their own. Whom a
    process tells of events it reads once in some seconds; that is done before, so that no count
    depends on when it was.
    """
    seen = Statements()
    taking.forget()
    taking.those_for("")

    def note(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(_BOUNDS):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connections[DEFAULT_DB_ALIAS].execute_wrapper(note):
        yield seen
    if expected is not None:
        assert len(seen) == expected, f"{len(seen)} statements, expected {expected}:\n{seen}"
    if most is not None:
        assert len(seen) <= most, f"{len(seen)} statements, at most {most}:\n{seen}"
