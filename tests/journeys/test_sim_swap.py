"""Somebody takes over Alice's number: no code for sensitive changes goes there, and she is told."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.contacts.models import PhoneNumber
from tests.waiting import wait_until

ALICE, OTHER = "+14155550101", "+14155550166"


@pytest.fixture
def other_number(alice):
    """A second number that Alice verified just now: too new to confirm anything."""
    now = timezone.now()
    PhoneNumber.objects.create(user=alice, number=OTHER, created_at=now, verified_at=now)


def sign_in(person, *, texts: int) -> None:
    person.give_password("alice")
    person.give_code(person.read_code(ALICE, count=texts))
    person.is_in()


def test_a_swapped_sim_gets_no_code_for_a_sensitive_change(person, alice, other_number, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    sign_in(person, texts=1)
    telephone = person.page.context.new_page()
    telephone.goto(f"{person.wire.base}/phone/{ALICE}/")
    telephone.get_by_role("button", name="Swap the SIM now").click()
    expect(telephone.get_by_role("button", name="Forget the change")).to_be_visible()

    person.open("/settings/communication/phones/")
    person.fill(number="415 555 0177")
    person.press("Continue")
    person.fill(password="lantern-orbit-cactus-42")
    person.press("Continue")
    person.line_says("Your number got a new SIM card recently", status="failed")
    person.sees("Please call support")
    assert len(person.wire.messages(ALICE)) == 1

    # The other contacts hear of it, the number itself does not.
    person.read_mail("alice@example.com", "SIM card was changed")
    assert "SIM card of +1 ... 01 was changed" in person.read_text(OTHER)
    assert len(person.wire.messages(ALICE)) == 1

    person.open("/settings/communication/phones/")
    person.sees("New SIM card: no code for sensitive changes goes here before")
    person.open("/")
    person.sees("The SIM card of your mobile number was changed.")
    person.sees("because a telephone number of yours got a new SIM card.")

    # Asking once more leads nowhere either.
    person.open("/settings/communication/phones/")
    person.fill(number="415 555 0177")
    person.press("Continue")
    person.sees("no code for sensitive changes goes there until")

    # A lock-out would help nobody: she signs in, and it is told.
    person.press("Log off")
    sign_in(person, texts=2)
    person.read_mail("alice@example.com", "whose SIM card was changed not long ago")
    wait_until(lambda: len(person.wire.messages(OTHER)) == 2)
