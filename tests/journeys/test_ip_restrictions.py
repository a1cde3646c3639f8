"""Alice restricts her account to where she lives, and is somewhere else one day."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests import nginx
from tests.cast import PASSWORD
from tests.journeys.person import CODE, Person

ALICE, MAIL = "+14155550101", "alice@example.com"
HOME, HOTEL = "127.0.0.5", "127.0.0.66"
LIST = "/settings/security/ip/"


@pytest.fixture
def somebody_at(new_person, live_server, tmp_path) -> Iterator[Callable[[str], Person]]:
    """Makes people at browsers of their own, each at an address."""
    places: dict[str, int] = {}
    with ExitStack() as open_ones:

        def make(address: str) -> Person:
            if address not in places:
                folder = tmp_path / address
                folder.mkdir()
                upstream = int(live_server.url.rpartition(":")[2])
                running = nginx.proxy(folder, upstream=upstream, source=address)
                places[address] = open_ones.enter_context(running)
            person = new_person()
            person.base = f"http://localhost:{places[address]}"
            return person

        yield make


def sign_in(person: Person, *, messages: int) -> None:
    """By text message; ``messages`` counts those that have come by then."""
    person.give_password("alice")
    person.give_code(person.read_code(ALICE, count=messages))
    person.is_in()


def test_a_list_is_rehearsed_confirmed_and_opened_in_an_emergency(somebody_at, alice, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    owner = somebody_at(HOME)
    sign_in(owner, messages=1)
    owner.open(LIST)
    owner.sees("Anyone with your password and device can sign in from anywhere.")
    owner.press(f"Add my address {HOME}")
    owner.sees("Pending")
    owner.page.get_by_role("link", name="Rehearse and put in force").click()
    owner.sees("The 1 sign-in would have passed.")
    owner.press("Put in force")
    owner.sees("Put a changed list of IP restrictions in force")
    owner.fill(password=PASSWORD)
    owner.press("Continue")
    owner.give_code(owner.read_code(ALICE, count=2))
    owner.press("Confirm")
    owner.sees("On trial until")
    expect(owner.page.get_by_role("button", name="Confirm the list")).to_have_count(0)
    owner.read_mail(MAIL, "IP restrictions changed")

    again = somebody_at(HOME)
    sign_in(again, messages=3)
    again.page.get_by_role("link", name="Confirm them", exact=True).click()
    again.press("Confirm the list")
    again.sees("The list is confirmed and stays as it is now.")

    traveller = somebody_at(HOTEL)
    traveller.give_password("alice")
    traveller.sees("You cannot sign in from here", "h1")
    traveller.sees(HOTEL)
    expect(traveller.page.locator("main")).not_to_contain_text(HOME)
    traveller.read_mail(MAIL, HOTEL)

    traveller.press("Use the emergency door")
    traveller.give_code(traveller.read_code(ALICE, count=4))
    traveller.sees("Check your e-mail", "h1")
    mail = traveller.read_mail(MAIL, "Your security code is")
    traveller.give_code(CODE.search(mail).group(1), button="Sign in")
    traveller.is_in()
    traveller.read_mail(MAIL, "emergency door used")

    # At home somebody sees that, and shuts the door: whoever is inside is not any more.
    again.open(LIST)
    again.sees(f"{HOTEL} is let in until")
    again.press("Switch off – Emergency door")
    again.sees("The emergency door is off.")
    traveller.open("/settings/")
    traveller.sees("You were logged off", "h1")
    traveller.give_password("alice")
    traveller.sees("or call us")
    again.open("/settings/")
    again.sees("Only from listed places")
