"""IB Key over the years: invited by the portal, several users, suspended, its data cleared."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import expect

from accounts import qr
from sls.methods.ib_key.models import IbKeyDevice, Push
from tests.cast import PASSWORD
from tests.waiting import wait_until

ALICE, BOB = "+14155550101", "+14155550102"
PAGE = "/settings/security/sls/ib-key/"
NOTIFICATIONS = f"{PAGE}notifications/"


@pytest.fixture
def at_once(settings) -> None:
    """Codes may follow each other."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0


def test_the_portal_shows_a_code_that_the_phone_is_activated_by(phone, person, alice, at_once, axe):
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    person.open(PAGE)
    person.press("Show the code")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")
    session_id = person.page.locator("#session-id").inner_text().strip()
    address = f"{person.base}/ibkey/#activate={session_id}"
    drawn = re.search(r' d="([^"]+)"', qr.drawn(address))[1]
    assert drawn in person.page.content()
    axe(person.page)
    phone.page.goto(address)
    phone.press("Continue")
    phone.give_pin()
    phone.sees("IB Key is active")
    person.page.get_by_role("link", name="Done on my phone").click()
    person.sees("Notifications: off")
    # The code is good for one phone.
    phone.open(f"#activate={session_id}")
    phone.press("Continue")
    expect(phone.page.get_by_role("alert")).to_contain_text("do not match")


def test_a_change_is_approved_on_the_phone(active, asked):
    active.approves(asked.match())
    asked.is_in()
    active.press("Done")
    asked.open("/settings/security/sls/")
    asked.press("Switch off for signing in – +1 415-555-0101")
    asked.fill(password=PASSWORD)
    asked.press("Continue")
    asked.sees("Approve it on your phone", "h1")
    active.sees("Verify your identity for a change")
    active.approves(asked.match())
    asked.press("Confirm")
    asked.sees("Nobody can sign in by text message or voice call any more.")


def test_two_users_share_a_phone_and_each_is_asked_alone(phone, person, new_person, alice, bob):
    for username, number in (("alice", ALICE), ("bob", BOB)):
        phone.open("#add")
        phone.give_password(username)
        phone.press("Get Activation Code")
        phone.fill(code=person.read_code(number))
        phone.press("Activate")
        phone.give_pin()
        phone.sees("IB Key is active")
        phone.press("Done")
        phone.sees("Ready")
    expect(phone.page.locator(".choice strong")).to_have_text(["alice", "bob"])
    person.asks_the_phone("bob")
    expect(phone.page.locator(".screen__lead")).to_contain_text("bob")
    phone.fill(digits=person.match(), pin="48a7")
    phone.press("Approve")
    person.is_in()
    person.open(NOTIFICATIONS)
    person.sees("alice, bob")


def test_a_phone_whose_data_was_cleared_is_activated_again(active, person, alice):
    before = IbKeyDevice.objects.get(confirmed=True).pk
    active.clears_its_data()
    active.open()
    active.sees("Your phone, your key")
    active.choose("Reactivate IB Key")
    active.press("Continue")
    active.fill(username="alice", password=PASSWORD)
    active.press("Login")
    active.sees("Migrate IB Key to this phone?")
    active.press("Migrate IB Key")
    active.press("Get Activation Code")
    active.fill(code=person.newest_code(ALICE))
    active.press("Activate")
    active.give_pin()
    active.sees("IB Key is active")
    active.press("Done")
    assert IbKeyDevice.objects.get(confirmed=True).pk != before
    person.asks_the_phone()
    active.fill(digits=person.match(), pin="48a7")
    active.press("Approve")
    person.is_in()


def test_ten_wrong_responses_suspend_it_and_there_is_a_way_back(active, asked, person, alice):
    def answers_wrongly() -> None:
        person.page.locator("#no-network").evaluate("way => { way.open = true; }")
        person.page.locator("[name=code]:visible").fill("00000000")
        person.page.get_by_role("button", name="Continue").click()

    for count in range(1, 11):
        if count == 6:
            person.asks_the_phone()
        answers_wrongly()
        wait_until(lambda count=count: IbKeyDevice.objects.get().failures == count)
    person.sees("it is suspended")
    active.open()
    expect(active.page.locator(".state--suspended")).to_be_visible()
    person.read_mail("alice@example.com", "switched off")
    active.choose("alice")
    active.sees("IB Key is suspended")
    active.press("Reactivate IB Key")
    active.press("Continue")
    active.fill(username="alice", password=PASSWORD)
    active.press("Login")
    active.press("Migrate IB Key")
    active.press("Get Activation Code")
    active.fill(code=person.newest_code(ALICE))
    active.press("Activate")
    active.give_pin()
    active.sees("IB Key is active")
    assert IbKeyDevice.objects.get(confirmed=True).failures == 0


def test_nothing_came_so_the_page_offers_the_response_by_itself(active, person, axe):
    person.page.clock.install()
    person.asks_the_phone()
    way = person.page.locator("#no-network")
    expect(way).not_to_have_attribute("open", "")
    person.page.clock.fast_forward(31_000)
    expect(way).to_have_attribute("open", "")
    person.sees("Nothing came? Answer with the response below.")
    expect(person.page.locator("[name=code]:visible")).to_be_visible()
    axe(person.page)


def test_the_phone_is_asked_again_after_twenty_seconds(active, person):
    person.page.clock.install()
    person.asks_the_phone()
    again = person.page.get_by_role("button", name="Ask my phone again")
    expect(again).to_be_disabled()
    person.page.clock.fast_forward(21_000)
    expect(again).to_be_enabled()
    before = person.match()
    active.sees("Sign in")
    # The page has waited, the server has not: it refuses, and nothing rings.
    again.click()
    person.sees("It can be asked again")
    assert IbKeyDevice.objects.get().pushes.count() == 1
    Push.objects.update(created_at=F("created_at") - timedelta(seconds=21))
    person.page.clock.fast_forward(21_000)
    person.page.get_by_role("button", name="Ask my phone again").click()
    wait_until(lambda: IbKeyDevice.objects.get().pushes.count() == 2)
    expect(person.page.locator("#match")).not_to_have_text(before)
    active.sees("A newer request took its place")
