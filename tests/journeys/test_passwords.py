"""Alice changes her password, is made to, and types it without a keyboard."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.person import Person

ALICE = "+14155550101"
NEW = "violet Harbour & tramway: 'Ω'"
EVERY_SIGN = "".join(map(chr, range(32, 127)))


def signs_in(person: Person, password: str = PASSWORD, *, count: int = 1) -> None:
    person.give_password("alice", password)
    person.give_code(person.read_code(ALICE, count=count))
    person.is_in()


def proves(person: Person, *, count: int) -> None:
    person.press("Verify your identity")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=count))
    person.page.locator("main form button.button").first.click()
    person.is_at("/settings/login/password/")


@pytest.fixture
def soon(settings) -> None:
    """Codes may be sent one after the other."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0


@pytest.mark.parametrize("script", [True, False])
def test_a_client_changes_the_password(new_person, alice, soon, script):
    person, elsewhere = new_person(java_script_enabled=script), new_person()
    signs_in(elsewhere)
    signs_in(person, count=2)
    person.open("/settings/login/")
    person.page.get_by_role("link", name="Change – Password").click()
    proves(person, count=3)
    person.fill(password=PASSWORD)
    if script:
        person.sees("You have used this password before.", "[data-part=verdict]")
    person.press("Save the new password")
    person.sees("You have used this password before.", "#error-summary")
    person.fill(password=NEW)
    if script:
        person.sees("centuries", "[data-part=verdict]")
    person.press("Save the new password")
    person.is_at("/settings/login/")
    person.sees("Your new password is in use.")
    person.sees("Changed today")
    person.read_mail("alice@example.com", "your password was changed")
    elsewhere.open("/")
    elsewhere.is_at("/login/?next=/")
    elsewhere.give_password("alice")
    elsewhere.sees("do not match")
    elsewhere.give_password("alice", NEW)
    elsewhere.sees("Check your phone", "h1")


def test_a_client_has_to_change_it(person, alice, soon):
    signs_in(person)
    call_command("demand_password_change", "alice", "--reason", "found in a breach")
    person.open("/activity/")
    person.sees("Choose a new password first", "h1")
    person.page.get_by_role("link", name="Change password").click()
    proves(person, count=3)  # the message about the demand is a text too
    person.fill(password=NEW)
    person.press("Save the new password")
    person.is_at("/settings/login/")
    person.open("/activity/")
    person.sees("Password changed")


def key(person: Person, name: str) -> None:
    person.page.locator(f".keyboard__panel [data-key={name!r}]").click()


def test_a_password_is_typed_by_the_virtual_keyboard(person, alice):
    person.open("/login/")
    person.fill(username="alice")
    field = person.page.locator("[name=password]")
    before = field.evaluate("one => [one.type, one.name, one.autocomplete]")
    field.click()
    person.press("Virtual keyboard")
    for letter in PASSWORD:
        if not letter.isalnum():
            key(person, "signs")
        key(person, letter)
        if not letter.isalnum():
            key(person, "signs")
        expect(field).to_be_focused()
    assert field.evaluate("one => [one.type, one.name, one.autocomplete]") == before
    expect(field).to_have_value(PASSWORD)
    person.page.keyboard.press("Escape")
    expect(person.page.locator(".keyboard__panel")).to_be_hidden()
    person.press("Continue")
    person.give_code(person.read_code(ALICE))
    person.is_in()


def test_it_types_every_sign_and_where_the_caret_is(page, live_server, db):
    page.goto(f"{live_server.url}/login/")
    field = page.locator("[name=password]")
    page.get_by_role("button", name="Virtual keyboard").click()
    panel = page.locator(".keyboard__panel")
    layouts = [[], ["shift"], ["shift", "signs"]]
    found = set()
    for turns in layouts:
        for turn in turns:
            panel.locator(f"[data-key={turn}]").click()
        for one in panel.locator(".key:not(.key--word)").all():
            field.fill("")
            one.click()
            found.add(field.input_value())
            assert one.get_attribute("aria-label")
            box = one.bounding_box()
            assert box["width"] >= 24
            assert box["height"] >= 24
    assert found == set(EVERY_SIGN)
    field.fill("ac😀")
    field.evaluate("one => one.setSelectionRange(1, 1)")
    panel.locator("[data-key='-']").click()
    expect(field).to_have_value("a-c😀")
    field.evaluate("one => one.setSelectionRange(5, 5)")
    panel.locator("[data-key=delete]").click()
    expect(field).to_have_value("a-c")


def test_it_is_worked_by_the_keyboard_alone(page, live_server, db):
    page.goto(f"{live_server.url}/login/")
    toggle = page.get_by_role("button", name="Virtual keyboard")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator("[data-key='1']")).to_be_focused()
    for press in ("ArrowRight", "ArrowDown", "Enter", "ArrowLeft", "Enter"):
        page.keyboard.press(press)
    expect(page.locator("[name=password]")).to_have_value("wq")
    page.keyboard.press("Tab")
    expect(page.locator("#id_public_computer")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".keyboard [role=status]")).to_have_text("The virtual keyboard is closed.")


def test_it_works_by_touch_on_a_telephone(new_context, live_server, db):
    options = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
    page = new_context(**options).new_page()
    page.goto(f"{live_server.url}/login/")
    field = page.locator("[name=password]")
    page.get_by_role("button", name="Virtual keyboard").tap()
    for sign in "ab1":
        page.locator(f".keyboard__panel [data-key='{sign}']").tap()
    expect(field).to_have_value("ab1")
    expect(field).to_have_attribute("inputmode", "none")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("[data-key=close]").tap()
    expect(field).not_to_have_attribute("inputmode", "none")


def test_without_script_there_is_no_keyboard(page_without_script, live_server, db):
    page_without_script.goto(f"{live_server.url}/login/")
    assert page_without_script.get_by_text("Virtual keyboard").count() == 0


def test_pasting_and_filling_are_never_blocked(page, live_server, db):
    page.goto(f"{live_server.url}/login/")
    field = page.locator("[name=password]")
    page.get_by_role("button", name="Virtual keyboard").click()
    field.focus()
    page.keyboard.insert_text("from a manager")
    expect(field).to_have_value("from a manager")
    assert field.evaluate(
        """one => { const data = new DataTransfer(); data.setData("text/plain", "x");
        return one.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data,
        bubbles: true, cancelable: true})); }"""
    )
