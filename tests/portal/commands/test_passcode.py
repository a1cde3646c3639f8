"""A temporary passcode from the command line, by two of staff."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.outbox.models import Message
from sls.methods.temporary_passcode.models import Passcode
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(sam):
    return [sam, person("tess", staff=True)]


def run(name: str, *more: str) -> str:
    out = io.StringIO()
    call_command(name, "alice", "--reason", "ticket 7", *more, stdout=out)
    return out.getvalue()


def issue(by="sam", second="tess", *more: str) -> str:
    return run("issue_passcode", "--by", by, "--with", second, *more)


def test_is_on_its_way_and_not_on_the_screen(alice, staff):
    said = issue()
    assert said == "alice: a temporary passcode is on its way, by sam and tess\n"
    assert Passcode.objects.get().code() not in said
    assert Message.objects.get(name="temporary_passcode").channel == "sms"


def test_is_read_out_by_a_call(alice, staff):
    issue("sam", "tess", "--call")
    assert Message.objects.get(name="temporary_passcode").channel == "voice"


def test_takes_two_of_staff(alice, bob, staff):
    for second in ("sam", "bob", "nobody"):
        with pytest.raises(CommandError):
            issue("sam", second)
    assert not Passcode.objects.exists()


def test_says_why_there_is_none(alice, staff):
    issue()
    with pytest.raises(CommandError, match="alice: refused, live"):
        issue()


def test_is_withdrawn(alice, staff):
    issue()
    assert run("withdraw_passcode") == "alice: withdrawn\n"
    assert run("withdraw_passcode") == "alice: there was none\n"
