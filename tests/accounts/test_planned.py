"""Statements are planned once a connection, with their constants and without their values."""

import pytest
from django.db import DatabaseError, NotSupportedError, connection, transaction
from django.db.models import QuerySet

from accounts.prepared import prepared
from accounts.users.models import User

pytestmark = pytest.mark.django_db

# Signs that mean something in the text of a statement.
STRANGE = "50%s' $1 %% \\"


@prepared
def of_name(username: str) -> QuerySet[User]:
    return User.objects.filter(username=username).exclude(name=STRANGE)


def on_server() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [text for (text,) in cursor.fetchall()]


def test_the_server_keeps_one_plan_whatever_the_value(alice, bob):
    postgres = connection.vendor == "postgresql"
    before = len(on_server()) if postgres else 0
    found = [of_name.first(username=user.username) for user in (alice, bob, alice)]
    assert found == [alice, bob, alice]
    if postgres:
        kept = on_server()
        assert len(kept) == before + 1
        assert not any(alice.username in text or bob.username in text for text in kept)
        assert any("$1" in text and "50%s'' $1 %%" in text for text in kept)


def test_signs_in_constants_and_values_mean_themselves(alice):
    assert of_name.first(username="%s' OR 1=1 -- $1") is None
    User.objects.filter(pk=alice.pk).update(name=STRANGE)
    assert of_name.first(username=alice.username) is None


def test_a_statement_works_again_after_a_rollback_took_its_plan(alice):
    assert of_name.first(username=alice.username) == alice
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("SELECT no_such_column")
    assert of_name.first(username=alice.username) == alice


def widen(column: str, length: int) -> None:
    """What a migration does on a connection of its own: on this one, the driver would notice."""
    alters = f"ALTER TABLE accounts_user ALTER COLUMN {column} TYPE varchar({length})"
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN {alters}; END $$")


@pytest.fixture
def widened(transactional_db, alice):
    """A column changes its type after a statement that reads it was planned."""
    if connection.vendor != "postgresql":
        yield alice
        return
    column = User._meta.get_field("username")
    assert of_name.first(username=alice.username) == alice
    widen(column.column, column.max_length + 20)
    yield alice
    widen(column.column, column.max_length)


def test_a_plan_that_a_migration_has_outdated_is_made_anew(widened):
    for _again in range(2):
        assert of_name.first(username=widened.username) == widened


def test_after_a_transaction_that_met_such_a_plan_the_next_one_works(widened):
    if connection.vendor == "postgresql":
        with pytest.raises(NotSupportedError), transaction.atomic():
            of_name.first(username=widened.username)
    with transaction.atomic():
        assert of_name.first(username=widened.username) == widened


def test_a_connection_that_the_server_ended_between_two_requests_is_replaced(transactional_db, bob):
    assert of_name.first(username=bob.username) == bob
    if connection.vendor == "postgresql":
        connection.health_check_enabled, connection.health_check_done = True, False
        connection.connection.close()
    try:
        assert of_name.first(username=bob.username) == bob
    finally:
        connection.health_check_enabled = False
