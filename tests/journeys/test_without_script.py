"""The sign-in as it is without JavaScript."""

from accounts.outbox.models import Message
from tests.waiting import wait_until

ALICE = "+14155550101"


def test_a_client_signs_in_without_script(new_person, alice, settings):
    settings.FIRST_RESEND_AFTER = 1
    person = new_person(java_script_enabled=False)
    # Slow enough to be looked at while it is on its way.
    person.wire.post(f"/phone/{ALICE}/profile", delay_ms=3000)
    person.give_password("alice")
    check_now = person.page.get_by_role("link", name="Check now")
    wait_until(lambda: Message.objects.filter(status="sent").exists())
    check_now.click()
    person.line_says("carrier", status="sent")
    wait_until(lambda: Message.objects.filter(status="delivered").exists())
    check_now.click()
    person.line_says("Delivered to your phone", status="delivered")
    assert not check_now.is_visible()

    person.page.locator("summary").click()
    person.button_of("voice").click()
    person.sees("Answer your phone", "h1")
    call = person.rings(ALICE)
    person.does(ALICE, call, "answer")
    person.does(ALICE, call, "press", digits="1")
    person.hears(ALICE, "The code is")
    check_now.click()
    person.line_says("The code was read to you", channel="voice", status="delivered")

    code = person.read_code(ALICE)
    person.give_code("")
    person.sees("Enter the security code.", "#error-summary")
    person.give_code(code)
    person.is_in()
    person.press("Log off")
    person.sees("You are logged off", "h1")
