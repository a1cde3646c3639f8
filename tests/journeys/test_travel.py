"""Alice announces a journey; a browser elsewhere then has to prove more than it had to before."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import expect

from sls.travel.models import Notice
from tests.cast import PASSWORD, app_device
from tests.journeys.person import Person

ALICE = "+14155550101"
LIST = "/settings/security/travel/"


def test_a_journey_is_announced_and_elsewhere_takes_the_stronger_factor(
    person, new_person, alice, settings
):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    announce(person, timezone.localdate(timezone=ZoneInfo(alice.zone)))
    notice = Notice.objects.get(user=alice)
    person.is_at(f"{LIST}{notice.pk}/")
    person.sees("Journey: Japan")
    person.sees("Take at least two along")
    person.read_mail("alice@example.com", "a journey was announced")

    # No country is known of an address of the local network: it is not expected.
    app_device(alice, "Pixel 9")
    other = new_person()
    other.give_password("alice")
    other.sees("Open your authenticator app")
    expect(other.page.locator("main")).not_to_contain_text("Text message to")
    assert len(person.wire.messages(ALICE)) == 2


def announce(person: Person, today: date) -> None:
    """Two weeks in Japan from today on, where she lives, and the proof that it takes."""
    person.open(LIST)
    person.sees("No journey announced")
    person.page.get_by_role("link", name="Announce a journey").click()
    last = today + timedelta(days=13)
    person.fill(first=today.isoformat(), last=last.isoformat())
    person.page.get_by_label("Japan", exact=True).check()
    person.press("Announce the journey")
    person.sees("Announce a journey: Japan")
    assert not Notice.objects.exists()
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")
