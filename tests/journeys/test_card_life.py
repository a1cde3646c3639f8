"""A card from the request to the return, with the emulator's card in Alice's hand."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.cast import PASSWORD, SECOND_SEED, card_device, in_stock
from tests.journeys.conftest import SECOND, SERIAL

ALICE, BOB = "+14155550101", "+14155550102"
PIN, NEW_PIN = "7306", "8153"
ADDRESS = "Alice Example\n1 Harbour Street\nSan Francisco, CA 94111\nUnited States"
SLS = "/settings/security/sls/"


@pytest.fixture
def alice_in(person, alice, settings):
    """Alice, signed in by text message."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    settings.CARD_CHALLENGES = 20
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    return person


def answers_with_card(person, pin: str, button: str = "Continue", serial: str = SERIAL) -> None:
    """Reads the challenge off the page, lets the card answer it, and types the response."""
    shown = re.sub(r"\D", "", person.page.locator("#challenge").inner_text())
    person.give_code(person.wire.ask_card(serial, pin=pin, challenge=shown), button)


def verifies(person, answer: Callable[[], None]) -> None:
    person.sees("Verify your identity", "h1")
    person.fill(password=PASSWORD)
    person.press("Continue")
    answer()
    person.press("Confirm")


def by_text(person, count: int) -> Callable[[], None]:
    return lambda: person.give_code(person.read_code(ALICE, count=count))


def requests(person) -> None:
    person.open(SLS)
    person.page.get_by_role("link", name="Request Physical Device").click()
    orders(person)


def orders(person) -> None:
    person.fill(address=ADDRESS)
    person.press("Continue")
    person.fill(pin=PIN, pin_again=PIN)
    person.press("Continue")
    person.sees("USD 20 are held on it")
    person.press("Continue")
    person.sees("1 Harbour Street")
    person.press("Confirm the request")


def test_from_the_request_to_the_return(alice_in):
    person = alice_in
    in_stock(SERIAL)
    requests(person)
    verifies(person, by_text(person, 2))
    person.sees("We expect to send it on")
    person.sees("Until it arrives")

    call_command("ship_card", SERIAL, "alice")
    person.open(SLS)
    person.sees("On its way to you")
    person.press("Activate")
    verifies(person, by_text(person, 4))
    person.sees("Activate your security card", "h1")
    answers_with_card(person, PIN, "Activate")
    person.sees("It is added", "h1")
    person.press("Save the name")

    person.page.get_by_role("link", name="PIN, loss, return and battery").click()
    person.page.get_by_role("link", name="Change PIN").click()
    person.press("Verify your identity")
    verifies(person, lambda: answers_with_card(person, PIN))
    person.fill(pin=NEW_PIN, pin_again=NEW_PIN)
    person.press("Continue")
    person.sees("Prove the new PIN", "h1")
    answers_with_card(person, PIN, "Change PIN")
    person.sees("That response does not match")
    answers_with_card(person, NEW_PIN, "Change PIN")
    person.sees("The new PIN is in use")
    person.read_mail("alice@example.com", "PIN")

    person.press("Log off")
    person.give_password("alice")
    person.page.get_by_role("radio", name="Digital Security Card+").check()
    person.press("Continue")
    answers_with_card(person, NEW_PIN)
    person.is_in()

    loses_and_finds(person)
    sends_back(person)


def loses_and_finds(person) -> None:
    person.open(SLS)
    person.page.get_by_role("link", name="PIN, loss, return and battery").click()
    person.page.get_by_role("link", name="I lost it").click()
    person.sees("never for an empty battery")
    person.press("I lost it")
    person.sees("Your card is reported as lost", "h1")
    person.read_mail("alice@example.com", "reported as lost")
    person.press("I found it")
    person.sees("Verify your identity", "h1")
    person.fill(password=PASSWORD)
    before = len(person.wire.messages(ALICE))
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=before + 1))
    person.press("Confirm")
    person.sees("Your card works again.")


def sends_back(person) -> None:
    person.page.get_by_role("link", name="Return").click()
    person.page.get_by_role("link", name="Print the return form").click()
    person.sees(SERIAL)
    expect(person.page.get_by_role("button", name="Print")).to_be_visible()
    person.page.get_by_role("link", name="Back", exact=True).click()
    person.page.get_by_role("radio", name="FedEx").check()
    person.fill(tracking="7946 1234 5678")
    person.press("I have sent it")
    person.sees("Sent by FedEx, number 794612345678")
    call_command("receive_card", SERIAL)
    person.read_mail("alice@example.com", "came back to us")
    person.open("/settings/security/card/charges/")
    before = len(person.wire.messages(ALICE))
    person.give_password("alice")
    person.give_code(person.read_code(ALICE, count=before + 1))
    person.open("/settings/security/card/charges/")
    person.sees("Hold lifted")


def test_replaced_when_its_battery_is_empty(alice_in, alice):
    person = alice_in
    card_device(alice, serial=SERIAL)
    in_stock(SECOND, seed=SECOND_SEED)
    person.open(SLS)
    person.page.get_by_role("link", name="PIN, loss, return and battery").click()
    person.page.get_by_role("link", name="Replace").click()
    person.page.get_by_role("radio", name="Its battery is empty").check()
    orders(person)
    verifies(person, lambda: answers_with_card(person, "4827"))
    person.sees("We expect to send it on")

    call_command("ship_card", SECOND, "alice")
    person.open(SLS)
    person.press("Activate")
    verifies(person, lambda: answers_with_card(person, "4827"))
    answers_with_card(person, PIN, "Activate", SECOND)
    person.press("Save the name")

    person.press("Log off")
    person.give_password("alice")
    person.page.get_by_role("radio", name="Digital Security Card+ …0002").check()
    person.press("Continue")
    answers_with_card(person, "4827", serial=SERIAL)
    person.sees("That response does not match")
    answers_with_card(person, PIN, serial=SECOND)
    person.is_in()
    person.open("/settings/security/card/charges/")
    expect(person.page.get_by_text("charged only if")).to_be_visible()
    expect(person.page.get_by_text("Charged for")).to_have_count(0)


def test_shared_with_another_user_name(person, new_person, alice, bob, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    card_device(alice, serial=SERIAL)
    for name in ("alice", "bob"):
        call_command("set_person", name, "P-17")
    person.give_password("bob")
    person.give_code(person.read_code(BOB))
    person.is_in()

    person.open(SLS)
    person.page.get_by_role("link", name="I have a card under another user name").click()
    person.fill(username="alice", password="not the one")
    person.press("Continue")
    person.sees("That user name and password do not match.")
    person.fill(username="alice", password=PASSWORD)
    person.press("Continue")
    person.sees("Let the card answer", "h1")
    answers_with_card(person, "4827")
    person.sees("Share this card?", "h1")
    person.press("Share the card")
    verifies(person, lambda: person.give_code(person.read_code(BOB, count=2)))
    person.sees("The card serves this user name too from now on.")
    person.sees("Who uses this card")
    person.read_mail("alice@example.com", "serves another user name")
    person.read_mail("bob@example.com", "serves another user name")

    other = new_person()
    other.give_password("alice")
    other.page.get_by_role("radio", name="Digital Security Card+").check()
    other.press("Continue")
    answers_with_card(other, "4827")
    other.is_in()
    other.open(SLS)
    other.page.get_by_role("link", name="PIN, loss, return and battery").click()
    other.sees("Who uses this card")
    other.press("Take away – bob")
    verifies(other, lambda: answers_with_card(other, "4827"))
    other.sees("The card does not serve that user name any more.")
    person.open(SLS)
    expect(person.page.get_by_role("link", name="PIN, loss, return and battery")).to_have_count(0)
