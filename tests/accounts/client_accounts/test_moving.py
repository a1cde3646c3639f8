"""An account goes to another legal entity."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount, LegalEntity
from accounts.client_accounts.moving import CannotMove, move_entity
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice
from tests.cast import code_set

pytestmark = pytest.mark.django_db
NUMBER = "U1000001"


def move(entity: LegalEntity = LegalEntity.IE) -> list[str]:
    return move_entity(
        number=NUMBER, entity=entity, reason="ticket 7", origin=SYSTEM, actor="staff:command"
    )


def what_proves_her() -> list:
    models = (PhoneDevice, KnownDevice, Session)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_authenticators_known_devices_and_sessions_stay(client, alice, sign_in):
    sign_in(client, alice)
    code_set(alice)
    before = what_proves_her()
    assert all(before)
    move()
    assert what_proves_her() == before
    assert client.get("/").status_code == 200


def test_every_user_of_the_account_is_told(alice, carol, bob):
    move()
    assert ClientAccount.objects.get(number=NUMBER).entity == "IE"
    told = Message.objects.filter(name="account_moved")
    assert {m.to for m in told} == {"alice@example.com", "carol@example.com"}
    text = told[0].content()["text"]
    assert "Example Brokerage Ireland Limited" in text
    assert "your authenticators and your known devices stay" in text
    entry = Entry.objects.get(user=carol)
    assert entry.detail == {"account": NUMBER, "from": "US", "entity": "IE", "reason": "ticket 7"}


def test_home_shows_the_entity(client, alice, sign_in):
    move()
    assert "Example Brokerage Ireland Limited" in sign_in(client, alice).get("/").content.decode()


@pytest.mark.parametrize("entity", [LegalEntity.HK, LegalEntity.IN])
def test_opts_back_in_who_may_not_be_opted_out_there(alice, carol, entity):
    User.objects.filter(pk=carol.pk).update(opted_out=True)
    assert move(entity) == ["carol"]
    assert not User.objects.get(pk=carol.pk).opted_out
    assert Message.objects.filter(to="carol@example.com", name="opted_back_in").exists()


def test_elsewhere_an_opt_out_stays(alice):
    User.objects.filter(pk=alice.pk).update(opted_out=True)
    assert move(LegalEntity.CA) == []
    assert User.objects.get(pk=alice.pk).opted_out


def test_what_cannot_be_moved(alice):
    with pytest.raises(CannotMove, match="at US already"):
        move(LegalEntity.US)
    with pytest.raises(CannotMove, match="no account"):
        move_entity(number="U9999999", entity=LegalEntity.IE, reason="x", origin=SYSTEM, actor="x")
    assert not Message.objects.exists()


class TestCommand:
    def test_moves_and_says_so(self, alice, capsys):
        User.objects.filter(pk=alice.pk).update(opted_out=True)
        call_command("move_account", NUMBER, "HK", reason="ticket 7")
        said = capsys.readouterr().out.splitlines()
        assert said == [
            f"{NUMBER} is at Example Brokerage Hong Kong Limited",
            "alice is opted back in",
        ]

    @pytest.mark.parametrize("reason", ["", " "])
    def test_wants_a_reason(self, alice, reason):
        with pytest.raises(CommandError, match="reason"):
            call_command("move_account", NUMBER, "HK", reason=reason)

    def test_refuses_in_one_line(self, alice):
        with pytest.raises(CommandError, match="no account U9999999"):
            call_command("move_account", "U9999999", "HK", reason="x")
