"""The security card: pressed in the emulator, typed into the portal."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.challenges.models import Challenge
from sls.methods.dsc_plus.models import CardDevice
from tests.cast import PASSWORD, PIN, card_device

pytestmark = pytest.mark.django_db(transaction=True)
PHONES = "/settings/communication/phones/"


@pytest.fixture
def card(alice) -> CardDevice:
    """Alice's card, activated."""
    return card_device(alice)


@pytest.fixture
def asked(person, card):
    """Alice at the page that asks her card."""
    person.give_password("alice")
    person.sees("Choose how to sign in")
    person.page.get_by_label("Digital Security Card+").check()
    person.press("Continue")
    expect(person.page.locator("#challenge")).to_be_visible()
    return person


def expire() -> None:
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_signs_in_and_verifies_identity_by_it(asked, axe):
    person = asked
    axe(person.page)
    person.give_code(person.lets_the_card_answer(pin="0000"))
    person.sees("That response does not match")
    person.give_code(person.lets_the_card_answer())
    person.is_in()
    person.open(PHONES)
    person.fill(number="+14155550177")
    person.press("Continue")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.sees("Verify by: Digital Security Card+")
    expect(person.page.get_by_label("Passcode")).to_be_visible()
    axe(person.page)
    person.give_code(person.lets_the_card_answer())
    person.press("Confirm")
    person.sees("+1 415-555-0177")


def test_starts_over_when_the_challenge_has_expired(asked):
    person = asked
    late = person.lets_the_card_answer()
    expire()
    person.give_code(late)
    person.sees("That challenge has expired")
    person.press("Start over")
    expect(person.page.locator("#id_code")).to_be_visible()
    person.give_code(person.lets_the_card_answer())
    person.is_in()


def test_starts_over_from_the_countdown(asked):
    person = asked
    before = person.page.locator("#challenge").inner_text()
    Challenge.objects.update(expires_at=timezone.now() + timedelta(seconds=2))
    person.page.reload()
    person.press("Start over")
    expect(person.page.locator("#challenge")).not_to_have_text(before)
    person.give_code(person.lets_the_card_answer())
    person.is_in()


def test_copies_the_challenge_as_it_is_typed(new_person, card):
    person = new_person(permissions=["clipboard-read", "clipboard-write"])
    person.give_password("alice")
    person.page.get_by_label("Digital Security Card+").check()
    person.press("Continue")
    person.press("Copy")
    person.sees("Copied.")
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert copied == Challenge.objects.latest("created_at").question


def test_is_pressed_by_hand_in_a_second_window(asked, emulator):
    challenge = "".join(asked.page.locator("#challenge").inner_text().split())
    card = asked.page.context.new_page()
    card.goto(f"{emulator.base_url}/card/DSC1000001/")
    card.get_by_role("button", name="press").click()
    card.keyboard.type(PIN)
    card.keyboard.press("Enter")
    card.keyboard.type(challenge)
    card.keyboard.press("Enter")
    shown = card.locator("[data-shown]")
    expect(shown).to_have_text(asked.lets_the_card_answer())
    asked.give_code(shown.inner_text())
    asked.is_in()
