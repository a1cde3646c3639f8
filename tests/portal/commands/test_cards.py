"""Cards from the delivery to the client, as an operator does it."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount
from accounts.outbox.models import Message
from portal import demo_cards
from sls.algorithms import ocra, pskc
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from tests.cast import CARD_SEED, PIN

pytestmark = pytest.mark.django_db
KEY = b"k" * 16


@pytest.fixture
def files(tmp_path):
    """A delivery of two cards, its key, and a passphrase that does not fit."""
    seeds = {"DSC1": CARD_SEED, "DSC2": b"2" * 32}
    (tmp_path / "cards.xml").write_bytes(demo_cards.delivery(seeds, KEY))
    (tmp_path / "key").write_text(f"{KEY.hex()}\n")
    (tmp_path / "words").write_text("qwerty\n")
    return tmp_path


def take_in(files, *options: str) -> None:
    call_command("import_cards", str(files / "cards.xml"), *options)


def refusal(files, *options: str) -> str:
    with pytest.raises(CommandError) as caught:
        take_in(files, *options)
    assert not Card.objects.exists()
    return str(caught.value)


def test_import_cards_says_what_is_in_stock_now(files, capsys):
    take_in(files, "--key-file", str(files / "key"))
    assert capsys.readouterr().out == "2 cards are in stock now: DSC1 to DSC2\n"
    entry = Entry.objects.get(event=Event.CARDS_IMPORTED)
    assert (entry.user, entry.actor) == (None, "staff:command")


def test_import_cards_names_each_bad_card_and_takes_none(files):
    text = (files / "cards.xml").read_text().replace("QN06-PSHA256", "QN08-PSHA256", 1)
    (files / "cards.xml").write_text(text)
    said = refusal(files, "--key-file", str(files / "key"))
    assert said.startswith("nothing was imported:\n  DSC1: ")


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (None, ("--key-file", "nowhere"), "nowhere: No such file"),
        (None, ("--passphrase-file", "words"), "not derived from a passphrase"),
        (None, ("--key-file", "words"), "hexadecimal"),
        (b"x" * (pskc.MAX_BYTES + 1), ("--key-file", "key"), "larger than"),
        (b"<a/>", ("--key-file", "key"), "not a key container"),
        (b"\xff\xfe\x00", ("--key-file", "key"), "not well-formed"),
    ],
)
def test_import_cards_refuses_and_says_why(files, content, options, says):
    if content is not None:
        (files / "cards.xml").write_bytes(content)
    assert says in refusal(files, options[0], str(files / options[1]))


def test_import_cards_says_when_there_is_no_file(files):
    (files / "cards.xml").unlink()
    assert "No such file" in refusal(files, "--key-file", str(files / "key"))


@pytest.mark.parametrize(
    "options", [(), ("--key-file", "key", "--passphrase-file", "words"), ("--unknown", "x")]
)
def test_import_cards_wants_exactly_one_secret(files, options):
    with pytest.raises((CommandError, SystemExit)):
        take_in(files, *options)
    assert not Card.objects.exists()


def test_import_cards_tells_no_seed(files, capsys, caplog):
    take_in(files, "--key-file", str(files / "key"))
    shown = "".join(capsys.readouterr()) + caplog.text
    assert CARD_SEED.decode() not in shown
    assert CARD_SEED.hex() not in shown


@pytest.fixture
def ordered(files, alice):
    """The delivery is in stock, and Alice has confirmed her request."""
    take_in(files, "--key-file", str(files / "key"))
    now = timezone.now()
    account = ClientAccount.objects.get(number="U1000001")
    order = Order(user=alice, account=account, created_at=now, confirmed_at=now)
    order.put("pin", PIN)
    order.save()


def test_ship_card_says_what_it_did(ordered, capsys):
    capsys.readouterr()
    call_command("ship_card", " DSC1 ", "Alice")
    assert capsys.readouterr().out == "card DSC1 is on its way to alice\n"
    assert CardDevice.objects.get().user.username == "alice"
    assert Entry.objects.get(event=Event.CARD_SHIPPED).actor == "staff:command"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("DSC1", "nobody"), "there is no user nobody"),
        (("DSC9", "alice"), "there is no card DSC9 in stock"),
        (("DSC1", "bob"), "bob has no open order for a card"),
    ],
)
def test_ship_card_refuses_in_one_line(ordered, bob, arguments, line):
    with pytest.raises(CommandError, match=f"^{line}$"):
        call_command("ship_card", *arguments)
    assert not CardDevice.objects.exists()


@pytest.mark.parametrize("name", ["import_cards", "ship_card"])
def test_the_commands_explain_themselves(name, capsys):
    with pytest.raises(SystemExit) as left:
        call_command(name, "--help")
    assert left.value.code == 0
    assert len(capsys.readouterr().out) > 200


@pytest.fixture
def demo(settings, tmp_path):
    """The demo, seeded into a folder of its own."""
    settings.DEMO_DIR = tmp_path
    call_command("seed_demo")
    return tmp_path


def test_seed_demo_fills_the_stock_and_gives_alice_the_first_card(demo):
    assert Card.objects.count() == 20
    device = CardDevice.objects.get()
    assert (device.user.username, device.card.serial) == ("alice", "DSC1000001")
    assert not device.confirmed
    assert device.card.open_pin() == "4827"
    assert Charge.objects.get().amount_usd == 20
    assert not Message.objects.exists()


def test_seed_demo_writes_what_the_emulator_plays(demo):
    cards = json.loads((demo / "cards.json").read_text())["cards"]
    assert [card["serial"] for card in cards] == demo_cards.SERIALS
    first = cards[0]
    assert Card.objects.get(serial=first["serial"]).open_seed() == bytes.fromhex(first["seed"])
    assert ocra.parse(first["suite"]).pin == "sha256"


def test_seed_demo_writes_a_delivery_that_can_be_imported(demo):
    tokens = pskc.read(
        (demo / "cards.pskc.xml").read_bytes(),
        key=bytes.fromhex((demo / "cards.key").read_text()),
    )
    assert [token.serial for token in tokens] == demo_cards.SERIALS
    with pytest.raises(CommandError, match="in stock already"):
        call_command(
            "import_cards", str(demo / "cards.pskc.xml"), "--key-file", str(demo / "cards.key")
        )
    assert Card.objects.count() == 20


def test_seed_demo_leaves_what_is_there(demo):
    before = (demo / "cards.json").read_text()
    call_command("seed_demo")
    assert (demo / "cards.json").read_text() == before
    assert Card.objects.count() == 20


def test_seeds_are_for_the_owner_of_the_folder_alone(demo):
    for name in ("cards.json", "cards.key"):
        assert not stat.S_IMODE((demo / name).stat().st_mode) & 0o077
