"""The text message does not come, so the telephone rings."""

import re

import pytest
from playwright.sync_api import expect

ALICE = "+14155550101"


@pytest.fixture
def waits_for_a_call(person, alice, settings):
    """Alice at the code page; her telephone takes no text messages, and the page says so."""
    settings.FIRST_RESEND_AFTER = 1
    person.wire.post(f"/phone/{ALICE}/profile", sms_capable=False)
    person.give_password("alice")
    person.line_says("this number cannot take text messages; we can call it", status="undelivered")
    return person


def test_the_call_reads_the_code_when_one_is_pressed(waits_for_a_call, emulator):
    person = waits_for_a_call
    reference = person.page.locator("#reference").inner_text()
    telephone = person.page.context.new_page()
    telephone.goto(f"{emulator.base_url}/phone/{ALICE}/")

    person.ask_again("voice")
    person.sees("Answer your phone", "h1")
    expect(person.page.locator("#reference")).to_have_text(reference)
    person.line_says("Your phone is ringing.", channel="voice", status="ringing")
    telephone.get_by_role("button", name="Answer").click()
    speech = telephone.get_by_role("log")
    expect(speech).to_contain_text("Press 1")
    assert not re.search(r"\d, \d, \d", speech.inner_text())
    person.line_says("Press 1 on your phone", channel="voice", status="answered")
    telephone.get_by_role("button", name="1", exact=True).click()
    expect(speech).to_contain_text("The code is")
    expect(speech).to_contain_text(", ".join(reference))
    digits = re.search(r"(?:\d, ){5}\d", speech.inner_text()).group().replace(", ", "")
    person.line_says("The code was read to you", channel="voice", status="delivered")
    telephone.get_by_role("button", name="Hang up").click()

    person.give_code(digits)
    person.is_in()


def test_nine_cancels_the_sign_in(waits_for_a_call):
    person = waits_for_a_call
    # The button that the delivery line itself offers.
    expect(person.line.get_by_role("button", name="Call me with the code")).to_be_enabled()
    person.press("Call me with the code")
    call = person.rings(ALICE)
    person.does(ALICE, call, "answer")
    said = person.hears(ALICE, "Press 9 if you did not ask for this call")
    person.does(ALICE, call, "press", digits="9")
    person.hears(ALICE, "no longer works")
    assert not re.search(r"\d, \d, \d", said)
    # The page that waits for the code learns of it by itself.
    person.sees("cancelled, because the call was reported as not asked for")
    assert person.page.url.startswith(f"{person.base}/login/?ended=")
    person.read_mail("alice@example.com", "call")


def test_a_call_that_is_not_taken_is_told(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.give_password("alice")
    person.ask_again("voice")
    person.does(ALICE, person.rings(ALICE), "decline")
    person.line_says("declined", channel="voice", status="undelivered")
    person.ask_again("voice")
    person.line_says("Nobody answered the call.", channel="voice", status="undelivered")


def test_an_answering_machine_gets_no_code(person, alice, settings):
    settings.FIRST_RESEND_AFTER = 0
    person.give_password("alice")
    person.wire.post(f"/phone/{ALICE}/profile", voicemail=True)
    person.ask_again("voice")
    person.line_says("no key was pressed, so no code was read", channel="voice")
    spoken = " ".join(person.wire.calls(ALICE)[0]["spoken"])
    assert not re.search(r"\d, \d, \d", spoken)
