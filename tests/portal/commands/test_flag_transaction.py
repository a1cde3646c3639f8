"""What watches transactions asks clients by a command."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.models import Entry
from accounts.transactions.models import Transaction

pytestmark = pytest.mark.django_db


def flag(username: str = "alice", **changes: str) -> None:
    known = {"id": "fraud-77", "kind": "withdrawal", "amount": "25000", "what": "Bank of Nowhere"}
    call_command("flag_transaction", username, **known | changes)


def test_it_asks_once_for_each_id(alice, capsys):
    flag(account="U1000001", at="2026-11-26T09:00:00Z")
    flag()
    made = Transaction.objects.get()
    assert capsys.readouterr().out.count(f"{made.shown} waiting alice") == 2
    assert (made.external, made.staff, made.account) == ("fraud-77", None, "U1000001")
    assert Entry.objects.get(event="transaction.flagged").actor == "system"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "much"},
        {"amount": "0"},
        {"currency": "dollars"},
        {"what": " "},
        {"account": "U1000002"},
        {"at": "yesterday"},
        {"at": "2026-11-26T09:00:00"},
        {"at": "2026-13-26T09:00:00Z"},
        {"id": "x" * 65},
    ],
)
def test_one_line_says_what_is_wrong(alice, changes):
    with pytest.raises(CommandError):
        flag(**changes)
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("username", ["nobody", "sam"])
def test_there_has_to_be_such_a_client(alice, sam, username):
    with pytest.raises(CommandError, match="no client"):
        flag(username)
