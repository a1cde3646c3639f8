"""Alice looks after her authenticators: names them, puts them in order, and keeps the last one."""

import time

import pytest
from django_otp.oath import hotp
from playwright.sync_api import expect

from accounts.challenges.models import Challenge, Purpose
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import row_id
from tests.cast import PASSWORD, app_device

ALICE = "+14155550101"


@pytest.fixture
def at_home(person, alice, settings):
    """Alice with two authenticator apps, signed in by text message."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    for name in ("Pixel 9", "iPad"):
        app_device(alice, name)
    person.give_password("alice")
    person.page.get_by_role("radio", name="Text message").check()
    person.press("Continue")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    return person


def names(person) -> list[str]:
    cards = person.page.locator(".device:has(.device__order)")
    return cards.locator(".device__name").all_inner_texts()


def prove(person, button: str) -> None:
    """Verifies her identity by whichever app is asked for."""
    person.press(button)
    person.sees("Verify your identity", "h1")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.sees("Open your authenticator app", "h1")
    asked = Challenge.objects.filter(purpose=Purpose.STEP_UP).latest("created_at")
    person.give_code(next_code(AppDevice.objects.get(pk=row_id(asked.device))))
    person.press("Confirm")


def next_code(app: AppDevice) -> str:
    """A code that the app has not given yet: each step of its clock works once."""
    step = max(app.last_step + 1, int(time.time()) // 30 - 1)
    return f"{hotp(app.open_seed(), step):06d}"


def test_names_orders_removes_and_keeps_the_last(at_home):
    person = at_home
    person.page.get_by_role("link", name="Security", exact=True).first.click()
    person.page.get_by_role("link", name="Configure – Secure Login System").click()
    person.sees("Secure Login System", "h1")
    person.sees("IB Key")
    person.sees("It requires a smartphone")
    assert names(person) == ["Pixel 9", "iPad", "+1 415-555-0101"]

    person.page.get_by_role("link", name="Rename – Pixel 9").click()
    person.fill(name="Work phone")
    person.press("Save the name")
    person.sees("The name is saved.")
    person.press("Move iPad up")
    expect(person.page.locator(".device__name").nth(2)).to_have_text("iPad")
    assert names(person) == ["iPad", "Work phone", "+1 415-555-0101"]

    person.page.get_by_role("link", name="Remove – iPad").click()
    person.sees("Withdrawals are held for 24 hours")
    prove(person, "Remove – iPad")
    person.sees("iPad was removed.")
    person.read_mail("alice@example.com", "a way of signing in was removed")
    assert "authenticator app" in person.read_text(ALICE, count=2)

    prove(person, "Switch off for signing in – +1 415-555-0101")
    person.sees("Nobody can sign in by text message or voice call any more.")
    person.sees("Switched off")
    person.page.get_by_role("link", name="Remove – Work phone").click()
    person.sees("This is the last authenticator that you can sign in with, so it stays.")
    expect(person.page.get_by_role("button", name="Remove – Work phone")).to_have_count(0)

    person.press("Log off")
    person.give_password("alice")
    person.sees("Open your authenticator app", "h1")


def test_without_script_everything_is_a_form(new_person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    for name in ("Pixel 9", "iPad"):
        app_device(alice, name)
    person = new_person(java_script_enabled=False)
    person.give_password("alice")
    person.page.get_by_role("radio", name="Text message").check()
    person.press("Continue")
    person.give_code(person.read_code(ALICE))
    person.open("/settings/security/sls/")
    person.press("Move iPad up")
    assert names(person)[0] == "iPad"
    person.page.get_by_role("link", name="Test – iPad").click()
    person.press("Start the test")
    person.give_code(next_code(AppDevice.objects.get(name="iPad")))
    person.sees("It works", "h1")
