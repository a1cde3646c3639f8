"""A number is added and verified, as a person does it, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from accounts.contacts.models import PhoneNumber
from tests.cast import PASSWORD, code_for

NEW = "+14155550177"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_number_is_added_verified_and_tested(page: Page, live_server, alice, axe):
    page.goto(f"{live_server.url}/login/")
    page.locator("[name=username]:visible").fill("alice")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=code]").fill(code_for(alice))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{live_server.url}/")

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
