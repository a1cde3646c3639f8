"""The terminal TWS in a pseudo-terminal, over real HTTP, with the emulator as Twilio."""

import re

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.sessions.models import End, Session
from tests import phones
from tests.cast import PASSWORD, card_device
from tests.journeys.conftest import SERIAL
from tests.terminal import Terminal
from tests.waiting import wait_until

NUMBER = "+14155550101"
DIGITS = re.compile(r"(?:[0-9], ){5}[0-9]")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tws(stack, live_server):
    """Starts the command against the live server."""
    opened = []

    def start(*arguments: str) -> Terminal:
        terminal = Terminal("--portal", live_server.url, *arguments)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.__exit__()


def gives_password(terminal: Terminal, name: str = "alice", password: str = PASSWORD) -> None:
    terminal.sees("Username: ")
    terminal.types(name)
    terminal.sees("Password: ")
    terminal.types(password)


def read_code(stack, count: int = 1) -> str:
    texts = wait_until(lambda: (m := stack.messages(NUMBER)) and len(m) >= count and m)
    return texts[0]["body"].rpartition("#")[2].strip()


def is_in(terminal: Terminal, platform: str = "tws") -> None:
    terminal.sees(r"Signed in +alice")
    terminal.sees(rf"Platform +{platform}")
    terminal.sees("Enter to refresh, q to log off: ")


def test_by_text_message_with_its_delivery_told_to_the_status_screen(alice, tws, stack):
    terminal = tws()
    terminal.sees(r"Use SSL: off \(this machine only\)")
    gives_password(terminal)
    assert PASSWORD not in terminal.shown
    terminal.sees(r"Security Code [A-Z]{3}-…… goes to .*01")
    terminal.sees("n  Request new Security Code")
    terminal.sees("[Pp]hone")  # the delivery line moves on by itself
    terminal.types(read_code(stack))
    is_in(terminal)
    assert Session.objects.get(ended_at=None).platform == "tws"
    terminal.types("")
    terminal.sees(r"Rights +view, trade")
    terminal.types("q")
    terminal.sees("Logged off.")
    terminal.ends_with(0)
    assert Session.objects.get().ended_why == End.SIGNED_OUT
    assert PASSWORD not in terminal.shown


def test_by_call(alice, tws, stack, settings):
    settings.FIRST_RESEND_AFTER = 0
    terminal = tws()
    gives_password(terminal)
    terminal.sees("Security Code: ")
    read_code(stack)
    terminal.types("n")
    terminal.sees("Request new Security Code")
    terminal.sees("1  SMS")
    terminal.sees("2  Voice")
    terminal.types("2")
    terminal.sees("within a minute")
    terminal.sees("OK")
    call = wait_until(
        lambda: next((one for one in stack.calls(NUMBER) if one["status"] == "ringing"), None)
    )
    stack.post(f"/phone/{NUMBER}/calls/{call['sid']}/answer")
    stack.post(f"/phone/{NUMBER}/calls/{call['sid']}/press", digits="1")

    def spoken() -> str | None:
        found = DIGITS.search(" | ".join(stack.calls(NUMBER)[0]["spoken"]))
        return found and found[0].replace(", ", "")

    terminal.types(wait_until(spoken))
    is_in(terminal)


def test_by_card(alice, tws, stack):
    card_device(alice, serial=SERIAL)
    terminal = tws()
    gives_password(terminal)
    number = terminal.sees(r"(\d)  [^\n]*Digital Security Card")[1]
    terminal.types(number)
    challenge = terminal.sees(r"Challenge Code: (\d{3}) (\d{3})")
    terminal.sees("Security Code: ")
    asked = challenge[1] + challenge[2]
    terminal.types(stack.ask_card(SERIAL, pin="4827", challenge=asked))
    is_in(terminal)


def test_by_ib_key_the_phone_approves_and_the_terminal_goes_on(alice, tws):
    phone = phones.activated(alice)
    terminal = tws("--as", "mobile_android")
    gives_password(terminal)
    terminal.types(terminal.sees(r"(\d)  [^\n]*iPhone")[1])
    digits = terminal.sees(r"type (\d{3}) on your phone")[1]
    assert phone.approve(phone.waits(), digits).status_code == 200
    is_in(terminal, "mobile_android")


def test_by_ib_key_without_a_network(alice, tws):
    phone = phones.activated(alice)
    terminal = tws("--as", "webtrader")
    gives_password(terminal)
    terminal.types(terminal.sees(r"(\d)  [^\n]*iPhone")[1])
    challenge = terminal.sees(r"Challenge Code (\d{6})")[1]
    terminal.sees("Response String: ")
    terminal.types(phone.respond(challenge))
    is_in(terminal, "webtrader")


def test_wrong_passwords_end_it(alice, tws):
    terminal = tws()
    for _ in range(3):
        gives_password(terminal, password="wrong")
    terminal.sees("do not match")
    terminal.ends_with(1)


def test_ctrl_c_leaves_nothing_behind(alice, tws, stack):
    terminal = tws()
    terminal.sees("Username: ")
    terminal.types("alice")
    terminal.sees("Password: ")
    terminal.presses_ctrl_c()
    terminal.ends_with(130)
    assert "Traceback" not in terminal.shown
    terminal = tws()
    gives_password(terminal)
    terminal.types(read_code(stack))
    is_in(terminal)
    terminal.presses_ctrl_c()
    terminal.sees("Logged off.")
    terminal.ends_with(130)
    assert not Session.objects.filter(ended_at=None).exists()


def test_a_freeze_ends_it_at_its_next_call(alice, tws, stack):
    terminal = tws()
    gives_password(terminal)
    terminal.types(read_code(stack))
    is_in(terminal)
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    terminal.types("")
    terminal.sees("Everything is stopped for this user name")
    terminal.ends_with(4)


def test_a_second_one_takes_over(alice, tws, stack, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    first = tws()
    gives_password(first)
    first.types(read_code(stack))
    is_in(first)
    second = tws()
    gives_password(second)
    second.sees("Security Code: ")
    code = read_code(stack, count=2)
    second.types(code)
    second.sees(r"Take over\? \[y/N\] ")
    second.types("y")
    second.types(code)
    is_in(second)
    first.types("")
    first.sees("took the place")
    first.ends_with(4)
    assert Entry.objects.filter(event=Event.SESSION_ENDED).count() == 1


def test_without_tls_it_goes_nowhere_but_to_this_machine():
    for address in ("http://portal.example", "http://203.0.113.7:8000"):
        with Terminal("--portal", address) as terminal:
            terminal.sees("can be switched off on this machine only")
            terminal.ends_with(1)
    with Terminal("--portal", "portal.example", "--no-ssl") as terminal:
        terminal.sees("can be switched off on this machine only")
        terminal.ends_with(1)


def test_a_portal_without_tls_is_not_spoken_to_as_if_it_had_it(live_server):
    address = live_server.url.replace("http://", "")
    with Terminal("--portal", address, "--username", "alice") as terminal:
        terminal.sees("Use SSL: on")
        terminal.sees("Password: ")
        terminal.types(PASSWORD)
        terminal.sees("No safe connection")
        terminal.ends_with(3)


def test_a_portal_that_is_away_is_one_line():
    with Terminal("--portal", "http://localhost:9", "--username", "alice") as terminal:
        terminal.sees("Password: ")
        terminal.types(PASSWORD)
        terminal.sees("The portal does not answer")
        terminal.ends_with(3)
        assert "Traceback" not in terminal.shown
