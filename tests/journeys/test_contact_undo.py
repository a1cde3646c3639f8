"""A thief with Alice's password and number makes her e-mail theirs; she undoes it from the old."""

import re

from tests.cast import PASSWORD

ALICE = "+14155550101"
OLD, THEIRS = "alice@example.com", "mallory@evil.example"
NEW_PASSWORD = "meadow-copper-violin-17"
EMAILS = "/settings/communication/emails/"


def prove(thief, *, texts: int) -> None:
    thief.fill(password=PASSWORD)
    thief.press("Continue")
    thief.give_code(thief.read_code(ALICE, count=texts))
    thief.press("Confirm")


def test_an_address_is_undone_from_the_old_one(new_person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    thief, owner = new_person(), new_person()
    thief.give_password("alice")
    thief.give_code(thief.read_code(ALICE))
    thief.is_in()

    thief.open(EMAILS)
    thief.fill(email=THEIRS)
    thief.press("Continue")
    prove(thief, texts=2)
    thief.press("Send the code")
    mail = thief.read_mail(THEIRS, "code")
    thief.give_code(re.search(r"\b(?:[A-Z]{3}-)?(\d{6})\b", mail).group(1), button="Verify")
    thief.sees("In motion")
    thief.press(f"Make primary – {THEIRS}")
    # The number heard of the added address too.
    prove(thief, texts=4)
    thief.sees(f"{THEIRS} is primary now.")

    told = owner.read_mail(OLD, "was added to your user settings")
    owner.page.goto(re.search(r"http://\S+/undo/\S+", told).group())
    owner.sees("m...@evil.example is taken off your list.")
    owner.sees("a...@example.com is primary again.")
    owner.press("Undo it")
    owner.sees("The change is undone", "h1")

    thief.open(EMAILS)
    thief.sees("Sign in", "h1")
    both = [owner.read_mail(address, "was undone") for address in (OLD, THEIRS)]
    assert all("everything is as it was before" in mail for mail in both)

    # Once more, and with what is left of the thief's mails: nothing.
    owner.page.reload()
    owner.sees("Nothing more can be done with this link.")

    owner.give_password("alice")
    # The undoing was a text, and that a new password is demanded is one.
    owner.give_code(owner.read_code(ALICE, count=8))
    owner.sees("Choose a new password first", "h1")
    owner.page.get_by_role("link", name="Change password").click()
    owner.press("Verify your identity")
    prove(owner, texts=9)
    owner.fill(password=NEW_PASSWORD)
    owner.press("Save the new password")
    owner.is_at("/settings/login/")
    owner.open("/")
    owner.sees("Wait until")
    owner.open(EMAILS)
    owner.sees(OLD)
    assert THEIRS not in owner.page.locator("main").inner_text()
