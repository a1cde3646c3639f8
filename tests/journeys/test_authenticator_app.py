"""Alice sets up an authenticator app in the settings, and signs in with it."""

import re
import time

from oath import GoogleAuthenticator
from playwright.sync_api import expect

from sls.methods.authenticator_app.models import AppDevice
from tests.cast import PASSWORD

ALICE = "+14155550101"


def test_an_app_is_set_up_and_signs_in(new_person, alice, axe, settings):
    settings.FIRST_RESEND_AFTER = 0
    person = new_person(permissions=["clipboard-read", "clipboard-write"])
    page = person.page
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    person.open("/settings/security/sls/")
    page.get_by_role("button", name="Add – Authenticator app").click()
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")

    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    key = page.locator("#setup-key").inner_text()
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", key)
    page.get_by_role("button", name="Copy").click()
    person.sees("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == key.replace(" ", "")
    # Looked at again, it is the same; the address tells nothing of it.
    page.reload()
    assert page.locator("#setup-key").inner_text() == key
    enrolment = page.url
    assert copied not in enrolment

    app = GoogleAuthenticator(f"otpauth://totp/x?secret={copied}")
    wrong = f"{(int(app.generate()) + 500_000) % 1_000_000:06d}"
    person.give_code(wrong)
    person.sees("You can try 4 more times", "#error-summary")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    axe(page)
    person.give_code(app.generate())
    person.sees("It is added", "h1")
    person.fill(name="Pixel 9")
    person.press("Save the name")
    person.sees("Pixel 9")
    person.read_mail("alice@example.com", "authenticator app")
    page.goto(enrolment)
    person.sees("It is added", "h1")
    assert key not in page.content()
    person.press("Log off")

    person.give_password("alice")
    page.get_by_label("Pixel 9").check()
    person.press("Continue")
    person.sees("Open your authenticator app", "h1")
    used = AppDevice.objects.get().last_step
    # The code that confirmed it opens nothing else; the next one does.
    step = max(used + 1, int(time.time()) // 30)
    person.give_code(app.generate(t=step * 30))
    person.is_in()
    assert AppDevice.objects.get().last_step == step
