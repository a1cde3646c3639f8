"""Empties the database after a test that has committed: only the tables that have rows.

Django's own way empties all of them and fills two of its own again, which takes longer than most
tests.
"""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def empty(alias: str) -> None:
    """Waits for transactions that still write, then deletes every row that a test has made."""
    connection = connections[alias]
    tables = [connection.ops.quote_name(name) for name in _tables(connection)]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
            # Without foreign keys: all that points to a row goes with it.
            cursor.execute("SET LOCAL session_replication_role TO replica")
        having = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables]
        cursor.execute(" UNION ALL ".join(having))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Those of the models; the types and permissions that migrations wrote stay."""
    names = connection.introspection.django_table_names(include_views=False)
    return sorted({*names} - {"django_content_type", "auth_permission"})
