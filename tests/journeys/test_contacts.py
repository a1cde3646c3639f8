"""Alice adds a number: step-up, verification by text message, and who is told."""

import re

from playwright.sync_api import expect

from tests.waiting import wait_until

ALICE, NEW = "+14155550101", "+14155550177"


def signed_in(person):
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()


def test_a_number_is_added_and_verified(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    signed_in(person)
    person.page.get_by_role("link", name="Communication").first.click()
    person.open("/settings/communication/phones/")
    person.fill(number="415 555 0177")
    person.press("Continue")

    person.sees("+1 415-555-0177")
    person.fill(password="lantern-orbit-cactus-42")
    person.press("Continue")
    # To the number that is not being changed.
    expect(person.page.locator("#destination")).to_contain_text("01")
    assert person.wire.messages(NEW) == []
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")

    person.sees("Verify a number", "h1")
    person.press("SMS")
    person.line_says("Delivered to your phone", status="delivered")
    person.give_code(person.read_code(NEW), button="Verify")
    person.sees("+1 415-555-0177 is verified")
    person.read_mail("alice@example.com", "+1 ... 77")
    wait_until(lambda: len(person.wire.messages(ALICE)) > 2)

    person.press("Send a test – +1 415-555-0177")
    person.sees("A test message is on its way")
    wait_until(lambda: len(person.wire.messages(NEW)) > 1)


def test_an_address_is_verified_by_the_code_in_its_mail(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    signed_in(person)
    person.open("/settings/communication/emails/")
    person.fill(email="alice.meadows@example.org")
    person.press("Continue")
    person.fill(password="lantern-orbit-cactus-42")
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")
    person.press("Send the code")
    mail = person.read_mail("alice.meadows@example.org", "code")
    person.line_says("Handed to your mail server", channel="email", status="sent")
    person.give_code(re.search(r"\b(?:[A-Z]{3}-)?(\d{6})\b", mail).group(1), button="Verify")
    person.sees("alice.meadows@example.org is verified")
    # Both are told: the old one that somebody was added, the new one that it was.
    person.read_mail("alice@example.com", "al")


def test_stop_is_shown_with_the_way_back(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    signed_in(person)
    person.wire.post(f"/phone/{ALICE}/messages", body="STOP")
    person.read_mail("alice@example.com", "STOP")
    person.open("/settings/communication/phones/")
    person.sees("Text messages stopped")
    person.press("Log off")
    person.give_password("alice")
    person.sees("Ask for your security code", "h1")
    person.sees("Send START from that telephone to allow them again.")
    expect(person.button_of("voice")).to_be_visible()
    expect(person.button_of("sms")).not_to_be_attached()
    person.wire.post(f"/phone/{ALICE}/messages", body="START")
    person.read_mail("alice@example.com", "again")
