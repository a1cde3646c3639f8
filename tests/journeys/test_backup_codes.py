"""Alice makes backup codes and prints them; months later one of them is all that she has."""

import re

from playwright.sync_api import expect

from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.methods.backup_codes.models import CodeSet
from tests.cast import PASSWORD

ALICE = "+14155550101"
WRITTEN = re.compile(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}")


def sign_in(person) -> None:
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()


def prove(person) -> None:
    """Password, a code by text message, and the action once more."""
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")


def test_backup_codes_are_made_kept_and_used(person, alice, axe, settings, tmp_path):
    settings.FIRST_RESEND_AFTER = 0
    page = person.page
    sign_in(person)
    person.open("/settings/security/sls/")
    page.get_by_role("button", name="Add – Backup codes").click()
    prove(person)

    person.sees("They are shown this once")
    axe(page)
    codes = page.locator(".sheet__code").all_inner_texts()
    assert len(codes) == 10
    assert all(WRITTEN.fullmatch(code) for code in codes)

    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    saving.value.save_as(tmp_path / "codes.txt")
    assert saving.value.suggested_filename == "backup-codes.txt"
    assert WRITTEN.findall((tmp_path / "codes.txt").read_text()) == codes

    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    page.get_by_role("button", name="Print").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")

    page.get_by_role("link", name="I have kept them").click()
    person.sees("10 of 10 codes are left.")
    person.read_mail("alice@example.com", "a way of signing in was added")
    person.press("Log off")

    # Away from home, without the telephone.
    person.give_password("alice")
    page.get_by_label("Backup codes").check()
    person.press("Continue")
    person.sees("Enter a backup code", "h1")
    axe(page)
    person.give_code(codes[3].lower().replace("-", " "))
    person.is_in()
    assert CodeSet.objects.get().used == [4]
    mail = person.read_mail("alice@example.com", "a backup code was used")
    assert "9 codes of the set are left." in mail
    assert codes[3] not in mail
    text = person.read_text(ALICE, count=4)
    assert "one of your backup codes was used" in text
    entry = Entry.objects.get(event=Event.BACKUP_CODE_USED)
    assert not WRITTEN.search(str(entry.detail))

    person.press("Log off")
    person.give_password("alice")
    page.get_by_label("Backup codes").check()
    person.press("Continue")
    person.give_code(codes[3])
    person.sees("That code was used already", "#error-summary")
    axe(page)
    person.give_code(codes[4])
    person.is_in()
