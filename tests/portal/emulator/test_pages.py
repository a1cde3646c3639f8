"""The handset, the list and the mailbox in a real browser."""

import pytest
from playwright.sync_api import Page, expect

SENDER = "+15005550006"
ALICE = "+14155550101"
PROMPT = "Press 1 to hear your code."
CODE = "4, 9, 3, 8, 1, 7"


@pytest.fixture
def ring(twilio, customer):
    """Calls Alice; one key makes the customer read the code."""

    def make() -> None:
        customer.pages["/voice/"] = f"<Response><Say>{CODE}</Say><Pause length='600'/></Response>"
        gather = f"<Gather numDigits='1' timeout='600' action='{customer.base_url}/voice/'>"
        twiml = f"<Response>{gather}<Say>{PROMPT}</Say></Gather></Response>"
        twilio.calls.create(to=ALICE, from_=SENDER, twiml=twiml, timeout=600)

    return make


def talk(page: Page) -> None:
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text(PROMPT)).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text(CODE)).to_be_visible()
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator(".pill--completed")).to_be_visible()


def test_a_message_and_a_call_come_in_while_the_page_is_open(page, phone, twilio, ring, axe):
    page.goto(phone.url)
    expect(page.get_by_role("heading", name="Alice")).to_be_visible()
    twilio.messages.create(to=ALICE, from_=SENDER, body="<b>Hello</b>")
    expect(page.get_by_text("<b>Hello</b>")).to_be_visible()
    axe(page)
    ring()
    expect(page.get_by_text("Incoming call")).to_be_visible()
    axe(page)
    talk(page)
    axe(page)


def test_keys_of_the_keyboard_are_pressed(page, phone, ring):
    page.goto(phone.url)
    ring()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text(PROMPT)).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text(CODE)).to_be_visible()


def test_everything_works_without_script(page_without_script, phone, ring, customer):
    page = page_without_script
    ring()
    phone.wait_for_call("ringing")
    page.goto(phone.url)
    talk_without_script(page, phone)
    page.get_by_label("Write to").fill("STOP")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Opted out: Twilio refuses messages to it")).to_be_visible()
    page.get_by_label("Opted out").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Opted out: Twilio refuses messages to it")).to_have_count(0)


def talk_without_script(page: Page, phone) -> None:
    """Each button leads back to the page; the browser itself fetches it anew from time to time."""
    page.get_by_role("button", name="Answer").click()
    phone.wait_for_speech(PROMPT)
    page.get_by_role("button", name="1", exact=True).click()
    phone.wait_for_speech(CODE)
    page.goto(phone.url)
    expect(page.get_by_text(CODE)).to_be_visible()
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator(".pill--completed")).to_be_visible()


def test_a_switch_changes_the_telephone_at_once(page, phone, http):
    page.goto(phone.url)
    page.get_by_label("Switched on").uncheck()
    expect(page.locator(".who .tag")).to_have_text("Switched off")
    assert http.get(f"{phone.url}profile").json()["reachable"] is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_other_pages_are_accessible(new_context, axe, emulator, phone, mail, scheme, width):
    mail()
    viewport = {"width": width, "height": 900}
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    telephones = ("/phone/", f"/phone/{ALICE}/", "/mail/", "/mail/alice@example.com/")
    for path in (*telephones, "/card/", "/card/DSC1000001/"):
        page.goto(emulator.base_url + path)
        expect(page.get_by_text("Nothing leaves this machine.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page)


def test_any_number_and_any_address_can_be_opened(page, emulator):
    page.goto(f"{emulator.base_url}/")
    page.get_by_label("Open any number").fill("+81 90-1234-5678")
    page.get_by_role("button", name="Open").click()
    expect(page).to_have_url(f"{emulator.base_url}/phone/+819012345678/")
    page.get_by_role("link", name="Mail").click()
    page.get_by_label("Open any address").fill("Nobody@example.com")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("This mailbox is empty.")).to_be_visible()


BOTH_SHOW = """text => {
  const lit = [...document.querySelectorAll("[data-char]")].map(one => one.dataset.char);
  return document.querySelector("[data-shown]").textContent.trim() === text
    && lit.join("").trim() === text;
}"""


def shows(page: Page, text: str) -> None:
    """On the display, segment by segment, and in words for those who do not see it."""
    expect(page.locator("[data-shown]")).to_have_text(text)
    # Keys still on their way may change it between two looks: both are asked for in one.
    page.wait_for_function(BOTH_SHOW, arg=text)


def test_a_card_is_pressed_by_mouse_and_by_keyboard(page, card):
    page.goto(card.url)
    page.get_by_role("button", name="press").click()
    shows(page, "PIN>")
    for key in "4827":
        page.get_by_role("button", name=key, exact=True).click()
    shows(page, "PIN>----")
    page.keyboard.press("Enter")
    shows(page, "CHALLNG>")
    page.keyboard.type("4928170")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    shows(page, "492817")
    page.keyboard.press("Enter")
    shows(page, card.respond(pin="4827", challenge="492817").json()["response"])


def test_a_card_answers_without_script(page_without_script, card):
    page = page_without_script
    page.goto(card.url)
    page.get_by_role("button", name="press").click()
    shows(page, "PIN>")
    page.get_by_label("PIN>").fill("4827")
    page.get_by_label("CHALLNG>").fill("492817")
    page.get_by_role("button", name="OK").last.click()
    shows(page, card.respond(pin="4827", challenge="492817").json()["response"])


def test_a_card_is_found_in_the_list(page, emulator):
    page.goto(f"{emulator.base_url}/")
    page.get_by_role("link", name="Cards").click()
    page.get_by_role("link", name="DSC1000001").click()
    expect(page.get_by_role("heading", name="DSC1000001")).to_be_visible()
