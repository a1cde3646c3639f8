"""Alice issues a token, a program uses it, somebody finds it; and the switch."""

import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.person import Person

ALICE = "+14155550101"
PATH = "/settings/trading/tokens/"


@pytest.fixture
def alone(person, alice, client, sign_in, settings) -> Person:
    """Alice, signed in."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    sign_in(client, alice)
    person.page.context.add_cookies(
        [
            {"name": name, "value": one.value, "url": person.base}
            for name, one in client.cookies.items()
        ]
    )
    return person


def prove(person: Person) -> None:
    """Password and code of a step-up, and the word that goes on."""
    before = len(person.wire.messages(ALICE))
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=before + 1))


def issue(person: Person, axe) -> str:
    """A token that reads, as it is shown the one time."""
    person.open(PATH)
    person.page.get_by_role("link", name="Issue a token").click()
    person.fill(name="Portfolio report")
    person.press("Issue the token")
    prove(person)
    person.page.locator("main form button.button").first.click()
    shown = person.page.locator("#token-text")
    expect(shown).to_contain_text("cpt_")
    axe(person.page)
    return shown.inner_text()


def call(person: Person, token: str, path: str = "account", body: dict | None = None) -> int:
    """What a program gets."""
    asked = urllib.request.Request(
        f"{person.base}/api/v1/{path}",
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_issued_used_leaked_and_revoked(alone, axe):
    token = issue(alone, axe)
    assert call(alone, token) == 200
    alone.open(PATH)
    alone.page.get_by_role("link", name="See – Portfolio report").click()
    alone.sees("GET /account", where="#calls")
    assert call(alone, "", "leaks", {"tokens": [f"API_TOKEN={token}"]}) == 202
    assert call(alone, token) == 401
    assert "GET /account" in alone.read_mail("alice@example.com", "somebody found it")
    alone.open(PATH)
    alone.sees("Revoked: somebody found it", where="#over")


def test_the_switch_stops_programs_and_not_people(alone, axe):
    token = issue(alone, axe)
    alone.open(PATH)
    alone.press("Stop all automation")
    alone.sees("All automation is stopped", where="#automation")
    assert call(alone, token) == 403
    alone.press("Let programs call again")
    prove(alone)
    alone.page.locator("main form button.button").first.click()
    expect(alone.page.locator("#automation")).to_have_count(0)
    assert call(alone, token) == 200
