"""Alice holds four kinds of authenticator: she chooses, changes her mind, and is remembered."""

import pytest
from django_otp.oath import totp
from playwright.sync_api import Locator, expect

from accounts.sessions.models import Session
from tests.cast import CODE, SEED, app_device, code_set
from tests.journeys.authenticator import Authenticator
from tests.journeys.person import Person
from tests.journeys.test_passkeys import ALICE, make

APP, CODES, TEXT = "Authenticator app on Work phone", "Backup codes", "Text message to +1 ... 01"


@pytest.fixture
def alices(person, alice, settings) -> Person:
    """Alice's browser, in which she has signed in by text message, and has logged off."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    key = Authenticator(person.page)
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    make(person)
    app_device(alice, "Work phone")
    code_set(alice)
    person.press("Log off")
    person.sees("You are logged off", "h1")
    key.waits()  # nobody touches it: the sign-in page would take it
    return person


def way(person: Person, label: str) -> Locator:
    return person.page.get_by_role("radio", name=label)


def test_four_ways_by_keyboard_and_another_one_without_the_password(alices):
    alices.give_password("alice")
    names = alices.page.locator(".choice__name").all_inner_texts()
    assert names[0].startswith("Passkey on Linux")
    assert names[1:] == [APP, CODES, TEXT]
    # What worked in this browser, though it stands last.
    expect(way(alices, TEXT)).to_be_checked()
    way(alices, TEXT).focus()
    for _ in range(2):
        alices.page.keyboard.press("ArrowUp")
    expect(way(alices, APP)).to_be_checked()
    alices.page.keyboard.press("Enter")
    alices.sees(f"You are asked for: {APP}. You chose it.")

    alices.press(TEXT)
    alices.sees("Check your phone", "h1")
    alices.sees("would save you this code.", "#advice")
    alices.press(APP)
    alices.give_code(f"{totp(SEED):06d}")
    alices.is_in()
    assert Session.objects.latest("opened_at").method == "authenticator_app"


def test_what_worked_is_preselected_here_and_not_elsewhere(alices, new_person):
    alices.give_password("alice")
    way(alices, APP).check()
    alices.press("Continue")
    alices.give_code(f"{totp(SEED):06d}")
    alices.is_in()
    alices.press("Log off")
    alices.give_password("alice")
    expect(way(alices, APP)).to_be_checked()
    alices.sees("Last used today")
    alices.press("Continue")
    alices.sees("You used it last in this browser.")

    elsewhere = new_person()
    elsewhere.give_password("alice")
    expect(way(elsewhere, "Passkey on Linux")).to_be_checked()
    way(elsewhere, CODES).check()
    elsewhere.press("Continue")
    elsewhere.give_code(f"{CODE}A")
    elsewhere.is_in()
    # A printed code is for a bad day: it is not what she will have at hand.
    elsewhere.press("Log off")
    elsewhere.give_password("alice")
    expect(way(elsewhere, "Passkey on Linux")).to_be_checked()


def test_it_works_without_script(alices, new_person):
    plain = new_person(java_script_enabled=False)
    plain.give_password("alice")
    way(plain, APP).check()
    plain.press("Continue")
    plain.press(CODES)
    plain.give_code(f"{CODE}B")
    plain.is_in()
