"""``manage.py lift_restrictions``."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.models import Entry
from accounts.ip_restrictions.deciding import decide
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import HOTEL, restrict

pytestmark = pytest.mark.django_db


def test_lets_in_from_anywhere_at_once_and_tells(alice, capsys):
    restrict(alice, "203.0.113.7", "203.0.113.8")
    call_command("lift_restrictions", "ALICE", "--reason", "ticket 17, moved house")
    assert capsys.readouterr().out == "alice: 2 IP restrictions removed\n"
    assert decide(user=User.objects.get(pk=alice.pk), origin=HOTEL).is_let_in
    entry = Entry.objects.filter(user=alice).latest("number")
    assert (entry.event, entry.actor) == ("ip.removed", "staff:command")
    assert entry.detail == {"reason": "ticket 17, moved house", "entries": 2}
    assert Message.objects.filter(name="ip_removed").exists()


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("nobody", "--reason", "x"), "there is no user nobody"),
        (("alice", "--reason", " "), "the reason is empty"),
    ],
)
def test_refuses_in_one_line(alice, args, line):
    with pytest.raises(CommandError, match=line):
        call_command("lift_restrictions", *args)
