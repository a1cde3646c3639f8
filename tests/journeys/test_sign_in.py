"""Alice signs in with a code by text message, and logs off."""

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD

ALICE = "+14155550101"


def test_a_client_signs_in_by_text_message_and_logs_off(person, alice):
    person.open("/settings/")
    person.is_at("/login/?next=/settings/")
    person.fill(username="alice", password=PASSWORD)
    person.press("Continue")
    expect(person.page.locator("#destination")).to_have_text("+1 ... 01")
    text = person.read_text(ALICE)
    reference = person.page.locator("#reference").inner_text()
    code = person.read_code(ALICE)
    assert f"{reference}-{code}" in text
    assert text.endswith(f"@localhost #{code}")
    person.line_says("Delivered to your phone", status="delivered")
    # As it comes from the clipboard.
    person.give_code(f"{reference}-{code}")
    person.is_at("/settings/")
    person.read_mail("alice@example.com", "new device")

    [cookie] = [c for c in person.page.context.cookies() if c["name"] == "sid"]
    person.press("Log off")
    person.sees("You are logged off", "h1")
    person.sees("Clear the browser's cache")
    # Neither the page before nor the old key opens anything.
    person.page.go_back()
    person.is_at("/login/?next=/settings/")
    person.page.context.add_cookies([cookie])
    person.open("/settings/")
    person.is_at("/login/?next=/settings/")


def test_a_second_person_at_the_same_browser_is_not_the_first(person, alice, bob):
    for name, number in (("alice", ALICE), ("bob", "+14155550102")):
        person.give_password(name)
        person.give_code(person.read_code(number))
        person.is_in()
        person.sees(f"{name.title()} Example", ".frame__who")
        person.press("Log off")
        person.sees("You are logged off", "h1")


OVER = """() => {
  const line = document.getElementById("delivery");
  line.removeAttribute("data-final");
  if (LEAVING) line.closest("main").querySelector("form").dispatchEvent(
    new Event("submit", { bubbles: true, cancelable: true }));
  line.dispatchEvent(new CustomEvent("htmx:beforeSwap", {
    bubbles: true, detail: { serverResponse: "", xhr: { status: 404 } } }));
  return line.hasAttribute("data-final");
}"""


@pytest.mark.parametrize(("leaving", "given_up"), [("true", False), ("false", True)])
def test_a_poll_does_not_take_the_place_of_an_answer_on_its_way(person, alice, leaving, given_up):
    """It finds the sign-in over because the answer was right; the browser must still hear so."""
    person.give_password("alice")
    person.line_says("Delivered to your phone", status="delivered")
    assert person.page.evaluate(OVER.replace("LEAVING", leaving)) is given_up
