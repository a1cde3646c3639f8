"""Alice is warned before she is logged off, locks her screen, and ends a session elsewhere."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from accounts.sessions.models import End, Session
from tests.cast import PASSWORD
from tests.journeys.authenticator import Authenticator
from tests.journeys.person import Person
from tests.journeys.session_pages import SESSIONS, unused
from tests.journeys.test_passkeys import make

ALICE = "+14155550101"
PHONES = "/settings/communication/phones/"
TYPED = "+14155550177"


@pytest.fixture
def signed_in(person, alice, settings) -> Person:
    """Alice's browser, whose clock the test moves."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.page.clock.install()
    enter(person)
    return person


def enter(person: Person, *, count: int = 1) -> None:
    person.give_password("alice")
    person.give_code(person.read_code(ALICE, count=count))
    person.is_in()


def pass_by(person: Person, minutes: int, seconds: int = 0) -> None:
    """Time passes without use, here and on the server."""
    span = timedelta(minutes=minutes, seconds=seconds)
    unused(span)
    person.page.clock.fast_forward(int(span.total_seconds()) * 1000)


def warning(person: Person) -> Locator:
    return person.page.get_by_role("alertdialog", name="Are you still there?")


def wake(person: Person) -> None:
    """The modules of the page are there."""
    person.page.wait_for_load_state("networkidle")


def warned(person: Person) -> None:
    """The dialog comes once the server has been asked, with the next second of the clock."""
    wake(person)
    pass_by(person, 13, 20)
    person.page.clock.run_for(3000)
    expect(warning(person)).to_be_visible()


def test_the_warning_is_extended_and_gives_the_focus_back(signed_in):
    signed_in.open(PHONES)
    field = signed_in.page.locator("main [name=number]")
    field.fill(TYPED)
    for _ in range(2):
        warned(signed_in)
        expect(warning(signed_in).get_by_role("button", name="Stay signed in")).to_be_focused()
        expect(warning(signed_in)).to_contain_text("left")
        signed_in.press("Stay signed in")
        expect(warning(signed_in)).to_be_hidden()
        expect(field).to_be_focused()
    expect(field).to_have_value(TYPED)
    assert Session.objects.get(ended_at=None).seen_at is not None


def test_staying_in_one_tab_is_heard_in_the_other(signed_in):
    signed_in.open("/help/")
    warned(signed_in)
    other = signed_in.page.context.new_page()
    other.goto(f"{signed_in.base}/settings/")
    expect(warning(signed_in)).to_be_hidden()


def test_who_does_not_answer_is_logged_off_told_why_and_has_what_was_typed(signed_in):
    signed_in.open(PHONES)
    signed_in.fill(number=TYPED)
    warned(signed_in)
    pass_by(signed_in, 15, 5)
    signed_in.page.clock.run_for(2000)
    signed_in.is_at(f"/login/?next={PHONES.replace('/', '%2F')}")
    signed_in.sees("You were logged off after a time without use.")
    assert Session.objects.get().ended_why == End.IDLE
    signed_in.fill(username="alice", password=PASSWORD)
    signed_in.press("Continue")
    signed_in.give_code(signed_in.read_code(ALICE, count=2))
    signed_in.is_at(PHONES)
    expect(signed_in.page.locator("main [name=number]")).to_have_value(TYPED)
    signed_in.sees("What you had typed is back.")


def test_what_is_sent_too_late_is_not_lost(signed_in):
    signed_in.open(PHONES)
    wake(signed_in)
    signed_in.fill(number=TYPED)
    unused(timedelta(minutes=16))
    signed_in.page.locator("main form.form button.button").click()
    signed_in.sees("You were logged off after a time without use.")
    signed_in.fill(username="alice", password=PASSWORD)
    signed_in.press("Continue")
    signed_in.give_code(signed_in.read_code(ALICE, count=2))
    signed_in.is_at(PHONES)
    expect(signed_in.page.locator("main [name=number]")).to_have_value(TYPED)


def test_logging_off_leaves_nothing_of_what_was_typed(signed_in):
    signed_in.open(PHONES)
    wake(signed_in)
    signed_in.fill(number=TYPED)
    signed_in.press("Log off")
    signed_in.sees("You are logged off", "h1")
    assert TYPED not in signed_in.page.evaluate("JSON.stringify(sessionStorage)")


def test_no_secret_is_kept(signed_in):
    """The password of a step-up, typed when the session ends."""
    signed_in.open(PHONES)
    signed_in.fill(number=TYPED)
    signed_in.press("Continue")
    signed_in.fill(password=PASSWORD)
    warned(signed_in)
    pass_by(signed_in, 15, 5)
    signed_in.page.clock.run_for(2000)
    signed_in.sees("You were logged off after a time without use.")
    assert PASSWORD not in signed_in.page.evaluate("JSON.stringify(sessionStorage)")


def test_a_locked_screen_opens_by_password_where_it_was_left(signed_in):
    signed_in.open(PHONES)
    wake(signed_in)
    signed_in.fill(number=TYPED)
    signed_in.press("Lock now")
    signed_in.sees("Locked", "h1")
    signed_in.open("/settings/")
    signed_in.sees("Locked", "h1")
    signed_in.fill(password="not the password")
    signed_in.press("Unlock")
    signed_in.sees("That password does not match.", "#error-summary")
    signed_in.open(PHONES)
    signed_in.fill(password=PASSWORD)
    signed_in.press("Unlock")
    signed_in.is_at(PHONES)
    expect(signed_in.page.locator("main [name=number]")).to_have_value(TYPED)


def test_a_lock_is_seen_in_the_other_tab(signed_in):
    signed_in.open("/help/")
    wake(signed_in)
    other = signed_in.page.context.new_page()
    other.goto(f"{signed_in.base}/settings/")
    other.get_by_role("button", name="Lock now").click()
    signed_in.page.clock.run_for(3000)
    signed_in.sees("Locked", "h1")


def test_a_locked_screen_opens_by_passkey(person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    Authenticator(person.page)
    enter(person)
    make(person)
    person.press("Lock now")
    person.sees("Locked", "h1")
    person.press("Unlock with a passkey")
    expect(person.page.locator(".frame__who")).to_contain_text("Alice Example")


def test_a_session_is_ended_from_another_browser(new_person, person, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    enter(person)
    phone = new_person(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Version/18.1 Safari/6")
    enter(phone, count=2)
    person.open(SESSIONS)
    person.sees("on iOS")
    person.page.get_by_role("button", name="End this session").click()
    person.sees("That session is ended.")
    phone.open("/settings/")
    phone.sees("Your session was ended from another place.")


def test_without_script_the_next_click_says_why_and_leads_back(new_person, alice, settings):
    person = new_person(java_script_enabled=False)
    enter(person)
    person.open(PHONES)
    unused(timedelta(minutes=16))
    person.page.get_by_role("link", name="Help").first.click()
    person.is_at("/login/?next=/help/")
    person.sees("You were logged off after a time without use.")
