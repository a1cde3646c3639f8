import json

import pytest
from django.core.management import CommandError, call_command, get_commands

from accounts.audit.models import Entry
from accounts.lockout import services as lockout
from accounts.outbox.models import Message
from accounts.sessions.browsers import remember
from accounts.users.models import User
from tests.tampering import tampering

pytestmark = pytest.mark.django_db
OPENING = (
    *("--username", "nina", "--name", "Nina Rossi", "--email", "nina@example.com"),
    *("--mobile", "+14155550111", "--account", "U2000001", "--language", "en"),
)


def test_open_account_says_what_it_did(capsys):
    call_command("open_account", *OPENING)
    assert capsys.readouterr().out == "U2000001 opened for nina; activation code mailed\n"
    assert Message.objects.get().name == "activation"


def test_open_account_refuses_in_one_line():
    call_command("open_account", *OPENING)
    with pytest.raises(CommandError, match=r"^there is a user nina already$"):
        call_command("open_account", *OPENING)


def lock(name: str, device: str = "") -> str:
    key = lockout.key_of(name, device)
    for _ in range(10):
        lockout.failed(key)
    return key


@pytest.mark.django_db(transaction=True)
def test_unlock_lifts_the_lock_everywhere_and_tells_why(alice, capsys):
    remember(user=alice, device="d" * 64, agent="")
    keys = [lock("alice"), lock("alice", "d" * 64)]
    assert all(lockout.standing(key).locked for key in keys)
    call_command("unlock", "Alice", "--reason", "ticket 4711")
    assert not any(lockout.standing(key).locked for key in keys)
    entry = Entry.objects.get(user=alice, event="sign_in.unlocked")
    assert (entry.actor, entry.detail) == ("staff:command", {"reason": "ticket 4711"})
    assert capsys.readouterr().out == "alice unlocked\n"


def test_unlock_says_when_nothing_was_locked(alice, capsys):
    call_command("unlock", "alice", "--reason", "ticket 4711")
    assert capsys.readouterr().out == "alice was not locked\n"


@pytest.mark.parametrize("arguments", [("nobody", "--reason", "x"), ("alice", "--reason", " ")])
def test_unlock_refuses_strangers_and_silence(alice, arguments):
    with pytest.raises(CommandError):
        call_command("unlock", *arguments)


def test_verify_audit_finds_whole_chains(alice, client, sign_in, capsys):
    sign_in(client, alice)
    call_command("verify_audit")
    assert capsys.readouterr().out == "2 chains are whole\n"


def test_verify_audit_names_the_first_broken_entry(alice, client, sign_in, capsys):
    sign_in(client, alice)
    second = Entry.objects.filter(user=alice, number=2)
    with tampering():
        second.update(detail={"method": "none"})
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit")
    assert left.value.code == 1
    assert capsys.readouterr().err == "chain alice: entry 2 is broken or missing\n"


def test_verify_audit_misses_a_cut_end(alice, client, sign_in, capsys):
    sign_in(client, alice)
    last = Entry.objects.filter(user=alice).order_by("number").last()
    with tampering():
        Entry.objects.filter(pk=last.pk).delete()
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert f"entry {last.number} is" in capsys.readouterr().err


class TestSeedDemo:
    def test_writes_the_cast_once(self, capsys):
        call_command("seed_demo")
        before = snapshot()
        call_command("seed_demo")
        assert snapshot() == before
        assert capsys.readouterr().out.splitlines()[1].startswith("demo cast: nobody new")
        names = User.objects.filter(is_staff=False).values_list("username", flat=True)
        assert sorted(names) == ["alice", "bob", "carol", "dai"]

    def test_knows_roles_and_languages(self):
        call_command("seed_demo")
        roles = User.objects.exclude(memberships=None).values_list(
            "username", "memberships__role", "memberships__account__number"
        )
        assert sorted(roles) == [
            ("alice", "owner", "U1000001"),
            ("bob", "owner", "U1000002"),
            ("carol", "trader", "U1000001"),
            ("dai", "owner", "U1000003"),
        ]
        dai = User.objects.get(username="dai")
        assert (dai.language, dai.zone) == ("ja", "Asia/Tokyo")

    def test_lets_a_client_sign_in(self, client, sign_in):
        call_command("seed_demo")
        sign_in(client, User.objects.get(username="bob"))
        assert "U1000002" in client.get("/").content.decode()

    def test_lets_staff_sign_in_with_the_app(self, client):
        from django_otp.oath import totp

        call_command("seed_demo")
        response = client.post(
            "/login/", {"username": "sam", "password": "lantern-orbit-cactus-42"}
        )
        seed = b"Hello!\xde\xad\xbe\xef" * 2
        answer = client.post(f"{response['Location']}answer/", {"code": f"{totp(seed):06d}"})
        assert answer["Location"] == "/"
        assert client.get("/")["Location"] == "/console/"

    def test_sends_nothing(self):
        call_command("seed_demo")
        assert not Message.objects.exists()

    def test_is_refused_in_production(self, settings):
        settings.PRODUCTION = True
        with pytest.raises(CommandError):
            call_command("seed_demo")


def snapshot() -> str:
    rows = User.objects.order_by("pk").values_list("pk", "password", "audit_head")
    return json.dumps(list(rows))


@pytest.mark.parametrize(
    "name",
    ["open_account", "set_policy", "unlock", "verify_audit", "seed_demo", "import_opt_out"],
)
def test_commands_explain_themselves(name, capsys):
    assert name in get_commands()
    with pytest.raises(SystemExit) as left:
        call_command(name, "--help")
    assert left.value.code == 0
    assert len(capsys.readouterr().out) > 200


def test_import_opt_out_says_what_it_did(alice, capsys):
    for state in ("is opted out", "was opted out already"):
        call_command("import_opt_out", "Alice", "--reason", "agreement 17")
        assert capsys.readouterr().out == f"alice {state}\n"
    entry = Entry.objects.get(user=alice, event="sls.opted_out")
    assert (entry.actor, entry.detail) == ("staff:command", {"reason": "agreement 17"})


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nobody", "--reason", "x"), "there is no user nobody"),
        (("alice", "--reason", " "), "the reason is empty"),
        (("sam", "--reason", "x"), "sam is staff"),
    ],
)
def test_import_opt_out_refuses_in_one_line(alice, sam, arguments, line):
    with pytest.raises(CommandError, match=f"^{line}$"):
        call_command("import_opt_out", *arguments)
