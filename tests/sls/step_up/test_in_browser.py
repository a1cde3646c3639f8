"""A number is added and verified, as a person does it, in Chromium."""

import pytest
from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from accounts.contacts.models import PhoneNumber
from accounts.sessions.models import Session
from sls.step_up.rules import GRANTED
from tests.cast import PASSWORD, SEED, app_device, code_for

NEW = "+14155550177"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_home(page: Page, live_server, alice) -> Page:
    """Alice, signed in."""
    page.goto(f"{live_server.url}/login/")
    page.locator("[name=username]:visible").fill("alice")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=code]").fill(code_for(alice))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{live_server.url}/")
    return page


def test_a_number_is_added_verified_and_tested(at_home: Page, live_server, alice, axe):
    page = at_home
    page.goto(f"{live_server.url}/settings/communication/phones/")
    axe(page)
    page.locator("[name=number]").fill("+1 900 555 1234")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("premium")
    page.locator("[name=number]").fill("(415) 555-0177")
    page.get_by_role("button", name="Continue").click()

    expect(page.locator("main")).to_contain_text("+1 415-555-0177")
    axe(page)
    page.locator("[name=password]").fill("wrong")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#error-summary")).to_contain_text("does not match")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    expect(page.locator("#destination")).to_contain_text("01")
    axe(page)
    page.locator("[name=code]").fill(code_for(alice))
    page.get_by_role("button", name="Continue").click()

    axe(page)
    assert not PhoneNumber.objects.filter(number=NEW).exists()
    page.get_by_role("button", name="Confirm").click()

    expect(page.locator("h1")).to_have_text("Verify a number")
    axe(page)
    page.get_by_role("button", name="SMS").click()
    expect(page.locator("#delivery")).to_have_attribute("data-channel", "sms")
    axe(page)
    page.locator("[name=code]").fill(code_for(alice))
    page.get_by_role("button", name="Verify").click()

    expect(page.locator("main")).to_contain_text("is verified")
    axe(page)
    assert PhoneNumber.objects.get(number=NEW).verified_at is not None
    page.get_by_role("button", name="Send a test – +1 415-555-0177").click()
    expect(page.locator("main")).to_contain_text("A test message is on its way")


def test_an_app_proves_it_and_the_other_way_is_at_hand(at_home: Page, live_server, alice, axe):
    page = at_home
    for name in ("Pixel", "Tablet"):
        app_device(alice, name)
    page.goto(f"{live_server.url}/settings/communication/phones/")
    page.locator("[name=number]").fill("(415) 555-0177")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("User name")).to_have_value("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    expect(page.locator("main")).to_contain_text("Verify by: Authenticator app on Pixel")
    page.get_by_role("button", name="Authenticator app on Tablet").click()
    expect(page.locator("main")).to_contain_text("Verify by: Authenticator app on Tablet")
    axe(page)
    page.locator("[name=code]").fill(f"{totp(SEED):06d}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("Verify a number")


def test_a_window_shows_its_clock_and_ends_where_one_is(at_home: Page, live_server, alice, axe):
    page = at_home
    until = timezone.now() + GRANTED
    Session.objects.update(verified_action="ip_restrictions.change", verified_until=until)
    page.goto(f"{live_server.url}/settings/security/")
    window = page.get_by_role("region", name="Your identity is verified")
    expect(window).to_contain_text("You can change IP restrictions without verifying again.")
    expect(window).to_contain_text("left")
    axe(page)
    window.get_by_role("button", name="End now").click()
    expect(page).to_have_url(f"{live_server.url}/settings/security/")
    expect(window).to_have_count(0)
    assert Session.objects.get().verified_until is None
