"""A thief is signed in as Alice: she stops everything, from the page and from a mail."""

import re

from accounts.audit.models import Entry
from accounts.freeze.models import Freeze, How, Trading
from tests.cast import PASSWORD

ALICE, MAIL = "+14155550101", "alice@example.com"


def test_everything_is_stopped_by_a_link_without_a_session(new_person, alice):
    thief, owner = new_person(), new_person()
    thief.give_password("alice")
    thief.give_code(thief.read_code(ALICE))
    thief.is_in()

    owner.page.goto(owner.not_me_link(MAIL, "new device"))
    owner.sees("This was not me", "h1")
    assert not Freeze.objects.exists()
    owner.page.get_by_text("No trading at all").click()
    owner.press("Stop everything now")
    owner.sees("Everything is stopped", "h1")
    made = Freeze.objects.get()
    assert (made.how, made.trading) == (How.LINK, Trading.NONE)
    owner.sees(made.shown)
    owner.sees("Sessions ended")
    assert made.shown in owner.read_mail(MAIL, "everything is stopped")

    thief.open("/settings/")
    thief.sees("Sign in", "h1")
    thief.sees("Everything is stopped for this user name")
    thief.fill(username="alice", password=PASSWORD)
    thief.press("Continue")
    thief.sees("Everything is stopped for this user name", "#error-summary")


def test_everything_is_stopped_by_one_button_without_script(new_person, alice):
    person = new_person(java_script_enabled=False)
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    number = Entry.objects.filter(user=alice, event="sign_in.new_device").get().number

    person.page.locator("footer").get_by_role("link", name="This was not me").click()
    person.sees("This stops at once")
    person.open(f"/not-me/?entry={number}")
    person.sees("Signed in from a new device")
    person.press("Stop everything now")
    person.sees("Everything is stopped", "h1")
    made = Freeze.objects.get()
    assert (made.how, made.trading, made.about.number) == (How.PAGE, Trading.CLOSE_ONLY, number)
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", person.page.locator("main").inner_text())

    person.open("/")
    person.sees("Sign in", "h1")
