"""Support at work: people of staff and a client, each at a browser of their own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django_otp.oath import totp
from playwright.sync_api import expect

from accounts.users.models import User
from portal.console.acts.table import ACTS
from portal.console.rules import MAY, Role
from sls.methods.temporary_passcode.models import Passcode
from tests.cast import PASSWORD, SEED, in_stock, member_of_staff
from tests.journeys.conftest import SERIAL
from tests.journeys.person import Person
from tests.journeys.test_card_life import PIN, answers_with_card, by_text, requests, verifies
from tests.journeys.test_locked_out import guess
from tests.waiting import wait_until

ALICE = "+14155550101"
REASON, TICKET = "Called back on the number that we know", "SUP-2048"
PASSCODE = re.compile(r"temporary passcode:? ([A-HJ-NP-Z2-9]{8})\b")


@pytest.fixture
def at_the_console(new_person) -> Callable[[User], Person]:
    """Signs a member of staff in, by their authenticator app."""

    def enter(user: User) -> Person:
        found = new_person()
        found.give_password(user.username)
        found.give_code(f"{totp(SEED):06d}")
        found.is_at("/console/")
        return found

    return enter


def finds(staff: Person, typed: str) -> None:
    staff.open("/console/")
    staff.page.locator("#id_q").fill(typed)
    staff.press("Find")
    staff.is_at("/console/clients/alice/")


def acts(staff: Person, link: str, button: str) -> None:
    """Opens an act from the client's page, and gives reason and ticket."""
    staff.page.get_by_role("link", name=link, exact=True).click()
    staff.fill(reason=REASON, ticket=TICKET)
    staff.press(button)


def decides(staff: Person, button: str = "Approve: ") -> None:
    """Opens what waits, by the badge, and decides."""
    staff.open("/console/")
    staff.page.locator(".place", has_text="Approvals").click()
    staff.page.get_by_role("link", name="Decide").first.click()
    staff.fill(why="I have spoken to the client myself")
    staff.press(button)


def test_a_locked_out_caller_is_helped_by_two(
    new_person, at_the_console, alice, sam, tess, axe, settings
):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    caller, sam, tess = new_person(), at_the_console(sam), at_the_console(tess)
    guess(caller)
    caller.give_password("alice")
    caller.sees("This user name is paused until", "#error-summary")

    finds(sam, "+1 415 555 0101")
    sam.sees("Sign-in is paused after wrong passwords.")
    axe(sam.page)
    acts(sam, "Lift the pause of sign-in", "Lift the pause of sign-in")
    sam.sees("The pause is lifted.")
    caller.read_mail("alice@example.com", "Sam of our support did this for you")

    # Her telephone takes no text messages today: a passcode by call.
    sam.page.get_by_role("link", name="Send a temporary passcode").click()
    sam.fill(reason=REASON, ticket=TICKET)
    sam.press("Ask a second person")
    sam.sees("Waiting for a second person")
    assert not Passcode.objects.exists()
    sam.sees("You asked for this yourself. Another person decides.")
    caller.read_mail("alice@example.com", "It waits for a second person of our staff")

    decides(tess)
    tess.sees("is on its way")
    passcode = wait_until(
        lambda: next(
            (
                found[1]
                for one in caller.wire.messages(ALICE)
                if (found := PASSCODE.search(one["body"]))
            ),
            None,
        )
    )
    for staff in (sam, tess):
        staff.open("/console/clients/alice/")
        assert passcode not in staff.page.content()

    caller.give_password("alice")
    choose(caller, "Temporary passcode")
    caller.give_code(passcode.lower())
    caller.is_in()

    # Two days later it opens the page of the card alone.
    caller.press("Log off")
    past = {"until": F("until") - timedelta(days=3), "card_until": F("card_until") - timedelta(3)}
    Passcode.objects.update(**past)
    caller.give_password("alice")
    choose(caller, "Temporary passcode")
    caller.give_code(passcode)
    caller.is_at("/settings/security/online-card/")
    prints_and_activates(caller)
    caller.sees("Active")
    caller.open("/settings/security/")
    expect(caller.page).not_to_have_url(f"{caller.base}/settings/security/")


def choose(person: Person, way: str) -> None:
    """Takes another way where the page asks by a number first."""
    other = person.page.get_by_role("link", name="Use another way").or_(
        person.page.locator("summary", has_text="another")
    )
    radio = person.page.get_by_role("radio", name=way)
    button = person.page.get_by_role("button", name=way)
    expect(radio.or_(button).or_(other).first).to_be_visible()
    if not radio.or_(button).first.is_visible():
        other.first.click()
    if radio.first.is_visible():
        radio.first.check()
        person.press("Continue")
    else:
        button.first.click()


def prints_and_activates(person: Person) -> None:
    """Makes the sheet, and types the values of both index numbers off it."""
    person.press("Make my card")
    expect(person.page.get_by_role("button", name="Print")).to_be_visible()
    entries = person.page.locator(".code-card__entry")
    values = dict(one.split() for one in entries.all_inner_texts())
    assert len(values) == 224
    asked = person.page.locator(".asked__index").all_inner_texts()
    person.give_code("".join(values[index.strip()] for index in asked), "Activate")


def test_a_card_from_the_stock_to_the_first_sign_in(
    new_person, at_the_console, alice, sam, axe, settings
):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    settings.CARD_CHALLENGES = 20
    in_stock(SERIAL)
    sam.groups.set([sam.groups.model.objects.get_or_create(name=Role.CARDS.value)[0]])
    client, logistics = new_person(), at_the_console(sam)
    client.give_password("alice")
    client.give_code(client.read_code(ALICE))
    client.is_in()
    requests(client)
    verifies(client, by_text(client, 2))
    client.sees("We expect to send it on")

    logistics.open("/console/cards/")
    logistics.sees("1 in stock.")
    axe(logistics.page)
    logistics.page.get_by_role("link", name="Send one").click()
    logistics.page.get_by_label("Card from the stock").select_option(SERIAL)
    logistics.fill(reason="Requested in the portal", ticket=TICKET)
    logistics.press("Send a security card")
    logistics.sees("The card is on its way")
    assert PIN not in logistics.page.content()
    client.read_mail("alice@example.com", "card")

    client.open("/settings/security/sls/")
    client.press("Activate")
    verifies(client, by_text(client, 4))
    answers_with_card(client, PIN, "Activate")
    client.sees("It is added", "h1")
    client.press("Save the name")
    client.press("Log off")
    client.give_password("alice")
    client.page.get_by_role("radio", name="Digital Security Card+").check()
    client.press("Continue")
    answers_with_card(client, PIN)
    client.is_in()


def test_an_agent_tries_each_forbidden_act(at_the_console, alice, sam):
    agent = at_the_console(sam)
    agent.open("/console/clients/alice/")
    offered = agent.page.locator(".client__acts").inner_text()
    for code, act in ACTS.items():
        is_theirs = act.power in MAY[Role.AGENT] and act.group != "staff"
        assert (act.title in offered) is is_theirs, code
        answer = agent.page.goto(f"{agent.base}/console/clients/alice/do/{code}/")
        assert (answer.status == 200) is is_theirs, code
    for path in ("staff/", "staff/tess/roles/", "cards/", "cards/delivery/", "trail/"):
        assert agent.page.goto(f"{agent.base}/console/{path}").status in (403, 404), path


def test_the_client_is_the_second_person(new_person, at_the_console, alice, sam, axe, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    client, agent = new_person(), at_the_console(sam)
    client.give_password("alice")
    client.give_code(client.read_code(ALICE))
    client.is_in()
    finds(agent, "alice")
    agent.page.get_by_role("link", name="Correct contact data").click()
    agent.page.get_by_role("radio", name="E-mail address").check()
    agent.fill(value="work@example.com", reason=REASON, ticket=TICKET)
    agent.press("Ask a second person")
    client.open("/settings/security/requests/")
    client.sees("work@example.com")
    axe(client.page)
    client.press("Agree: Correct contact data")
    client.sees("Verify your identity", "h1")
    client.fill(password=PASSWORD)
    client.press("Continue")
    client.give_code(client.read_code(ALICE, count=2))
    client.sees("Correct contact data")
    client.press("Confirm")
    client.sees("is on the list")
    agent.open("/console/approvals/")
    agent.sees("Nothing waits")


def test_two_officers_let_events_out_and_one_of_them_gets_the_key(at_the_console, uma, axe):
    other = at_the_console(member_of_staff("olaf", "+14155550122", "security_officer"))
    uma = at_the_console(uma)
    uma.open("/console/webhooks/")
    uma.page.get_by_role("link", name="Add a webhook").click()
    uma.page.get_by_label("Sessions ended").check()
    uma.fill(url="https://hooks.broker.example/portal", reason=REASON, ticket=TICKET)
    uma.press("Ask a second person")
    uma.sees("Until then nothing changes.")
    uma.sees("You asked for this yourself.")
    uma.open("/console/webhooks/")
    uma.sees("No system is told")

    decides(other)
    other.sees("Whoever asked for it sees its secret, once.")
    other.open("/console/webhooks/")
    other.page.get_by_role("link", name="Open – ").click()
    other.sees("Uma Example has not looked at its secret yet")
    assert not other.page.get_by_role("button", name="Show its secret").count()

    uma.open("/console/webhooks/")
    uma.page.get_by_role("link", name="Open – ").click()
    axe(uma.page)
    uma.press("Show its secret, once")
    assert uma.page.locator("#secret-text").inner_text().startswith("whs_")
    axe(uma.page)
    uma.page.get_by_role("link", name="I have copied it").click()
    assert not uma.page.get_by_role("button", name="Show its secret").count()
