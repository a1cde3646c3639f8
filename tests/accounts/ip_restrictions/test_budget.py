"""What a list adds to a sign-in (SPEED G4, G6)."""

import pytest
from django.test import Client

from accounts.ip_restrictions import deciding
from tests.accounts.ip_restrictions.lists import restrict
from tests.bench import counts
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def statements(client: Client) -> dict[str, int]:
    """Of each step, where no list is held ready."""
    deciding._kept.clear()
    return {step: len(cost.sql) for step, cost in counts.sign_in(client, "alice", PASSWORD).items()}


def test_adds_one_statement_however_long_it_is(client, alice):
    counts.sign_in(client, "alice", PASSWORD)
    without = statements(client)
    restrict(alice, "127.0.0.1")
    short = statements(client)
    restrict(alice, "127.0.0.0/24", *(f"203.0.113.{place}" for place in range(20)))
    assert sum(short.values()) <= sum(without.values()) + 1
    assert statements(client) == short
