"""Portal and phone together: IB Key is activated, approves, refuses, and answers offline."""

from playwright.sync_api import expect

from accounts.freeze.models import Freeze
from accounts.origin import SYSTEM
from sls.methods.ib_key import activations
from sls.methods.ib_key.models import IbKeyDevice
from tests.journeys.ib_key_phone import PHONE, PIN, Phone, by_session_id
from tests.journeys.test_passkeys import ALICE


def test_is_activated_by_text_message_with_a_pin(phone, person, alice):
    phone.open("#add")
    phone.give_password()
    phone.press("Get Activation Code")
    phone.fill(code=person.read_code(ALICE))
    phone.press("Activate")
    phone.give_pin()
    phone.sees("IB Key is active")
    device = IbKeyDevice.objects.get(user=alice, confirmed=True)
    assert device.element == "pin"
    assert phone.kept()[0]["device"] == str(device.pk)


def test_three_digits_on_the_phone_open_the_portal(active, asked):
    active.sees("Sign in")
    active.fill(digits=asked.page.locator("#match").inner_text().strip())
    active.press("Approve")
    active.sees("Approved")
    asked.is_in()


def test_an_approval_survives_a_closed_tab(active, asked):
    active.sees("Sign in")
    url, digits, context = asked.page.url, asked.match(), asked.page.context
    asked.page.close()
    active.approves(digits)
    asked.page = context.new_page()
    asked.page.goto(url)
    asked.is_in()
    # Looked at again, both ends say that it is over.
    asked.page.goto(url)
    expect(asked.page).not_to_have_url(url)


def test_other_digits_open_nothing(active, asked):
    active.sees("Sign in")
    shown = asked.page.locator("#match").inner_text().strip()
    active.fill(digits=f"{(int(shown) + 1) % 1000:03d}")
    active.press("Approve")
    active.sees("The digits did not match")
    asked.sees("Other digits were typed")


def test_not_me_offers_the_freeze(active, asked):
    active.sees("Sign in")
    active.press("Refuse")
    active.choose("This was not me")
    asked.sees("It was refused on your phone.")
    active.press("Freeze my access")
    active.sees("This was not me")
    assert not Freeze.objects.exists()
    active.press("Stop everything now")
    active.sees("Everything is stopped")
    assert Freeze.objects.get().user_id == IbKeyDevice.objects.get().user_id
    active.open()
    expect(active.page.locator(".state--stopped")).to_be_visible()


def test_a_phone_without_a_network_answers_the_challenge(active, asked):
    active.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    active.sees("Sign in")
    active.context.set_offline(True)
    active.press("Generate Code")
    asked.page.locator("details > summary").click()
    challenge = asked.page.locator("#challenge").inner_text()
    active.types_challenge("".join(one for one in challenge if one.isdigit()))
    active.press("Generate Passcode")
    asked.page.locator("[name=code]:visible").fill(active.response())
    asked.page.get_by_role("button", name="Continue").click()
    asked.is_in()


def test_the_old_phone_says_that_it_was_replaced(active, alice, new_context):
    new = Phone(new_context(**PHONE), active.base)
    by_session_id(new, alice.pk, replaces=True)
    expect(active.page.locator(".state--replaced")).to_be_visible()
    active.choose("alice")
    active.sees("This phone was replaced")
    assert active.kept()[0]["secrets"] == 0


def test_the_pin_is_changed_on_the_server(phone, alice):
    session_id = activations.session_for(user_id=alice.pk, origin=SYSTEM)
    phone.open(f"#activate={session_id}")
    phone.press("Continue")
    phone.give_pin()
    phone.press("Done")
    phone.choose("alice")
    phone.choose("Change PIN")
    phone.fill(old=PIN, fresh="77x7", again="77x7")
    phone.press("Change PIN")
    expect(phone.page.locator(".note--good")).to_contain_text("The PIN is changed")
