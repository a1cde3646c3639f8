"""Codes that do not match, and codes asked for too often."""

from playwright.sync_api import expect

from accounts.challenges.models import Challenge
from tests.attacks.tools import other_than
from tests.cast import PASSWORD

ALICE = "+14155550101"


def test_five_wrong_codes_end_the_code_and_a_new_one_goes_on(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.give_password("alice")
    code = person.read_code(ALICE)
    reference = person.page.locator("#reference").inner_text()
    for left in (4, 3, 2, 1):
        person.give_code(other_than(code, left))
        person.sees(f"You can try {left} more time", "#error-summary")
        # What was typed stays for correction, and the field has the error beside it.
        expect(person.page.locator("#id_code")).to_have_value(other_than(code, left))
        expect(person.page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
    person.give_code(other_than(code))
    person.sees("That is 5 codes that did not match.", "#error-summary")
    # A wrong code sends nothing, and the right one comes too late.
    assert len(person.wire.messages(ALICE)) == 1
    person.press("Send a new code")

    new = person.read_code(ALICE, count=2)
    expect(person.page.locator("#reference")).not_to_have_text(reference)
    person.give_code(f"{reference}-{code}")
    person.sees("belongs to another request", "#error-summary")
    person.give_code(new)
    person.is_in()


def test_too_many_wrong_codes_switch_the_device_off(person, alice, settings):
    settings.SMS_FAILURES = 2
    person.give_password("alice")
    code = person.read_code(ALICE)
    person.give_code(other_than(code))
    person.sees("does not match", "#error-summary")
    person.give_code(other_than(code))
    person.sees("switched off after too many codes that did not match. Please call us.")
    # Not even the right one opens now.
    person.give_code(code)
    person.sees("switched off after too many codes that did not match. Please call us.")
    person.open("/settings/")
    person.is_at("/login/?next=/settings/")
    person.read_mail("alice@example.com", "switched off")


def test_unreadable_codes_are_explained_and_not_counted(person, alice, settings):
    person.give_password("alice")
    code = person.read_code(ALICE)
    for typed, words in (
        ("", "Enter the security code."),
        ("12ab56", "digits only"),
        ("123", "too short"),
        ("1234567", "too long"),
    ):
        person.give_code(typed)
        person.sees(words, "#error-summary")
    assert Challenge.objects.get(user=alice).tries_left == settings.TRIES_PER_CHALLENGE
    full_width = code.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    person.give_code(f" {full_width[:3]} {full_width[3:]} ")
    person.is_in()


def test_asking_too_early_is_answered_with_the_time(new_person, alice):
    person = new_person(java_script_enabled=False)
    person.give_password("alice")
    person.page.locator("summary").click()
    with person.page.expect_response("**/resend/") as early:
        person.button_of("sms").click()
    assert early.value.status == 429
    assert 0 < int(early.value.headers["retry-after"]) <= 30
    person.sees("You can ask for another code at", "#error-summary")
    # A full page, on which the code can still be typed.
    person.give_code(person.read_code(ALICE))
    person.is_in()


def test_caps_are_said_before_and_when_they_bite(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    settings.SENDS_PER_CHALLENGE = 3
    settings.SENDS_PER_NUMBER_DAY = 4
    person.give_password("alice")
    person.page.locator("summary").click()
    person.sees("We can send this code")
    person.sees("2 sends are left.")
    person.ask_again("sms")
    person.read_text(ALICE, count=2)
    person.ask_again("sms")
    person.read_text(ALICE, count=3)
    person.page.locator("summary").click()
    person.sees("This code has been sent as often as one code may be. Type it.")
    assert len({message["body"] for message in person.wire.messages(ALICE)}) == 1

    # The number's own cap runs across sign-ins.
    person.give_password("alice")
    person.read_text(ALICE, count=4)
    person.page.locator("summary").click()
    person.sees("No more codes can be sent there before")
    person.give_code(person.read_code(ALICE))
    person.is_in()


def test_wrong_passwords_slow_and_then_pause_the_sign_in(person, alice, settings):
    settings.PASSWORD_FAILURES_SLOWED = settings.PASSWORD_FAILURES = 2
    for password in ("wrong one", "wrong two"):
        person.give_password("alice", password)
        person.sees("That user name and password do not match.", "#error-summary")
    person.give_password("alice", PASSWORD)
    person.sees("is paused until", "#error-summary")
    assert person.wire.messages(ALICE) == []
