"""``manage.py set_policy``."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox.models import Message
from sls.policy import telling
from sls.policy.models import Policy

pytestmark = pytest.mark.django_db


def in_days(days: int) -> str:
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def test_says_whom_it_would_cover_and_changes_nothing(alice, carol, sam, capsys):
    call_command("set_policy", "--role", "client", "--from", in_days(20))
    assert capsys.readouterr().out == (
        f"nothing was changed (add --announce); from {in_days(20)} on people covered: 2, "
        "without a passkey: 2\n"
    )
    assert not Policy.objects.exists()


def test_makes_and_announces(alice, capsys):
    call_command("set_policy", "--user", "Alice", "--from", in_days(14), "--announce")
    assert capsys.readouterr().out == (
        f"passkey only for user alice from {in_days(14)}: made, and will be mailed; "
        "people covered: 1, without a passkey: 1\n"
    )
    telling.tell_due()
    assert Message.objects.get().to == "alice@example.com"
    assert Entry.objects.filter(user=alice).first().actor == "staff:command"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--role", "client", "--from", 13, "--announce"), "less than 14 days of notice"),
        (("--role", "client", "--now"), "needs a reason"),
        (("--role", "client", "--announce"), "say from which day on"),
        (("--role", "client", "--withdraw", "--reason", "x"), "there is no such policy"),
        (("--user", "nobody", "--now", "--reason", "x"), "there is no user nobody"),
        (("--role", "king", "--now", "--reason", "x"), "invalid choice"),
        (("--entity", "XX", "--now", "--reason", "x"), "invalid choice"),
        (("--now", "--reason", "x"), "one of the arguments --user --role --entity is required"),
        (("--role", "staff", "--entity", "JP", "--now"), "not allowed with"),
        (("--role", "staff", "--now", "--announce"), "not allowed with"),
        (("--role", "staff", "--from", "1 March", "--now"), "write YYYY-MM-DD"),
    ],
)
def test_refuses_in_one_line(alice, arguments, why):
    given = [in_days(one) if isinstance(one, int) else one for one in arguments]
    with pytest.raises(CommandError, match=why):
        call_command("set_policy", *given)
    assert not Policy.objects.exists()


def test_takes_effect_at_once_with_a_reason(dai):
    call_command("set_policy", "--entity", "JP", "--now", "--reason", "incident 12")
    policy = Policy.objects.get()
    assert policy.begins <= timezone.now().date()
    assert Entry.objects.get(user=None).detail["reason"] == "incident 12"


def test_withdraws_with_a_reason(sam, capsys):
    call_command("set_policy", "--role", "staff", "--from", in_days(30), "--announce")
    call_command("set_policy", "--role", "staff", "--withdraw", "--reason", "ticket 12")
    assert f"passkey only for role staff from {in_days(30)} withdrawn\n" in capsys.readouterr().out
    assert Policy.objects.get().ended_at is not None
