"""``manage.py freeze`` and ``thaw``: staff stop everything alone, and let it go on in twos."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services
from accounts.freeze.models import How, Trading
from accounts.users.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def tess(db) -> User:
    return person("tess", staff=True)


@pytest.fixture
def frozen(alice) -> User:
    call_command("freeze", "alice", "--reason", "called us, ticket 7", stdout=StringIO())
    return alice


def thaw(*more: str) -> str:
    out = StringIO()
    call_command("thaw", "alice", "--reason", "ticket 7", *more, stdout=out)
    return out.getvalue()


def test_staff_stop_everything_and_read_out_the_reference(alice):
    out = StringIO()
    args = ("Alice", "--reason", "called us, ticket 7", "--trading", "none")
    call_command("freeze", *args, stdout=out)
    made = services.live(alice.pk)
    assert out.getvalue() == f"alice: everything is stopped, reference {made.shown}\n"
    assert (made.how, made.trading) == (How.STAFF, Trading.NONE)
    entry = Entry.objects.get(user=alice, event=Event.FROZEN)
    assert (entry.actor, entry.detail["reason"]) == ("staff:command", "called us, ticket 7")


def test_two_of_staff_let_everything_go_on(frozen, sam, tess):
    said = thaw("--by", "sam", "--with", "TESS")
    assert said == "alice: everything goes on again, by sam and tess\n"
    assert services.live(frozen.pk) is None
    assert Entry.objects.get(user=frozen, event=Event.THAWED).actor == "staff:sam+tess"


def test_what_is_not_stopped_stays_as_it_is(alice, sam, tess):
    assert thaw("--by", "sam", "--with", "tess") == "alice: nothing was stopped\n"


@pytest.mark.parametrize(
    ("by", "second", "line"),
    [
        ("sam", "sam", "it takes two persons of staff"),
        ("sam", "SAM", "it takes two persons of staff"),
        ("sam", "bob", "bob is not of our staff"),
        ("sam", "nobody", "nobody is not of our staff"),
        ("alice", "sam", "alice is not of our staff"),
        ("gone", "sam", "gone is not of our staff"),
        ("same", "sam", "it takes two persons of staff"),
        ("stopped", "sam", "everything is stopped for stopped too"),
    ],
)
def test_it_takes_two_persons_of_staff_who_are_there(frozen, bob, sam, by, second, line):
    gone, same, stopped = (person(name, staff=True) for name in ("gone", "same", "stopped"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk__in=(sam.pk, same.pk)).update(person="P-1")
    call_command("freeze", stopped.username, "--reason", "x", stdout=StringIO())
    with pytest.raises(CommandError, match=line):
        thaw("--by", by, "--with", second)
    assert services.live(frozen.pk) is not None


def test_nobody_lets_themselves_go_on(sam, tess):
    call_command("freeze", "sam", "--reason", "x", stdout=StringIO())
    third = person("uma", staff=True)
    with pytest.raises(CommandError, match="everything is stopped for sam too"):
        call_command("thaw", "sam", "--reason", "x", "--by", "sam", "--with", "tess")
    out = StringIO()
    call_command(
        "thaw", "sam", "--reason", "x", "--by", "tess", "--with", third.username, stdout=out
    )
    assert "goes on again" in out.getvalue()


@pytest.mark.parametrize("command", ["freeze", "thaw"])
def test_a_reason_is_needed(alice, sam, tess, command):
    more = ("--by", "sam", "--with", "tess") if command == "thaw" else ()
    with pytest.raises(CommandError, match="the reason is empty"):
        call_command(command, "alice", "--reason", " ", *more)
