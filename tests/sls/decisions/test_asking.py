"""Whose session a reference names, and that it is found without reading others."""

import secrets

import pytest
from django.db import connection, transaction

from accounts.sessions.models import Session
from sls.decisions import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client, alice, sign_in) -> Session:
    sign_in(client, alice)
    return Session.objects.get()


def found(reference: str) -> Session | None:
    with transaction.atomic():
        return asking.locked(reference)


def test_by_the_first_twelve_of_its_key(opened, alice):
    row = found(opened.key[:12])
    assert (row, row.user) == (opened, alice)


@pytest.mark.parametrize("tail", ["0" * 52, "f" * 52])
def test_whatever_follows(opened, tail):
    key = opened.key[:12] + tail
    Session.objects.filter(pk=opened.pk).update(key=key)
    assert found(key[:12]).key == key


@pytest.mark.parametrize(
    "change",
    [lambda one: one[:11], lambda one: one + "0", str.upper, lambda one: "%" * 12, lambda one: ""],
)
def test_nothing_else_names_it(opened, change):
    Session.objects.filter(pk=opened.pk).update(key="abcdef" + opened.key[6:])
    assert found("abcdef" + opened.key[6:12])
    assert found(change("abcdef" + opened.key[6:12])) is None


def test_its_index_finds_it(opened):
    for _ in range(600):
        opened.key, opened.token = secrets.token_hex(32), secrets.token_hex(32)
        opened.save(force_insert=True)
    seen = []

    def note(run, statement, params, *rest):
        seen.append((statement, list(params or ())))
        return run(statement, params, *rest)

    with connection.execute_wrapper(note):
        found(opened.key[:12])
    [(statement, params)] = [one for one in seen if "accounts_session" in one[0]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_session")
        cursor.execute(f"EXPLAIN {statement}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using accounts_session_key" in plan, plan
    assert "Index Cond: (((key)::text ~>=~" in plan, plan
