"""A rule that stops automation, and an order above a ceiling that is raised."""

import hashlib
import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.sessions.models import Session
from tests.journeys.person import Person
from tests.journeys.test_api_tokens import alone, call, prove  # noqa: F401 (a fixture)
from tests.platforms import Platform
from tests.programs import issue

SYSTEM = "token-of-a-system-of-the-test"
RULES = "/settings/trading/rules/"
CEILINGS = "/settings/trading/ceilings/"


@pytest.fixture(autouse=True)
def _system(settings) -> None:
    digest = hashlib.sha256(SYSTEM.encode()).hexdigest()
    settings.SERVICE_TOKENS = [f"gateway:{digest}:decisions+events"]


def tell(person: Person, path: str, **body: Any) -> dict[str, Any]:
    """What a system of the brokerage says, and hears."""
    asked = urllib.request.Request(
        f"{person.base}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {SYSTEM}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.load(answer)


def burst(person: Person, name: str, count: int) -> dict[str, Any]:
    return tell(
        person,
        "events",
        id=name,
        account="U1000001",
        kind="api_calls",
        at=timezone.now().isoformat(),
        program="Rebalancer",
        count=count,
        seconds=1,
    )


def test_a_burst_stops_every_token_and_the_owner_hears_of_it(alone, alice, axe):  # noqa: F811
    token = issue(alice).text
    alone.open(RULES)
    alone.page.get_by_role("link", name="Make a rule").click()
    alone.press("Make the rule")
    alone.sees("Choose what the rule is about.", "#error-summary")
    axe(alone.page)
    alone.page.locator("[name=kind][value=api_calls]").check()
    alone.page.locator("[name=does][value=stop]").check()
    alone.press("Make the rule")
    alone.sees("more than 60 calls a minute", "#rules")
    alone.press("Test this rule")
    alone.sees("nothing was stopped")
    assert "test of your rule" in alone.read_mail("alice@example.com", "tried out")
    assert call(alone, token) == 200
    assert burst(alone, "few", 40)["stopped"] is False
    assert call(alone, token) == 200
    assert burst(alone, "more", 40)["stopped"] is True
    assert call(alone, token) == 403
    mail = alone.read_mail("alice@example.com", "a rule of yours watches for")
    assert "All your automation is stopped" in mail
    assert "Rebalancer" in mail
    alone.open(RULES)
    alone.sees("All automation is stopped.")
    alone.press("Remove")
    prove(alone)
    alone.page.locator("main form button.button").first.click()
    alone.sees("No rules yet")


def order(person: Person, session: Session, amount: str) -> str:
    told = tell(
        person,
        "decisions",
        session=session.key[:12],
        account="U1000001",
        action="order",
        amount=amount,
    )
    return f"{told['outcome']} {told['reason']}".strip()


def test_an_order_above_the_ceiling_waits_for_a_proof_and_a_day(alone, alice, clock, axe):  # noqa: F811
    alone.open(f"{CEILINGS}U1000001/")
    alone.fill(order="50,000")
    alone.press("Set the ceilings")
    alone.sees("Lowered. It holds from now on.")
    trading = Session.objects.latest("opened_at")
    assert order(alone, trading, "50000.01") == "refused order_size"
    alone.open(f"{CEILINGS}U1000001/")
    alone.fill(order="60000")
    alone.press("Set the ceilings")
    alone.sees("USD 60,000.00")
    axe(alone.page)
    alone.press("Go on to the proof")
    prove(alone)
    alone.sees("Set the ceilings of account U1000001")
    alone.page.locator("main form button.button").first.click()
    alone.sees("It rises in 24 hours.")
    expect(alone.page.locator("main")).to_contain_text("USD 50,000.00")
    assert "about to rise" in alone.read_mail("alice@example.com", "Raise of a ceiling")
    assert order(alone, trading, "60000") == "refused order_size"
    clock.shift(24 * 3600 + 1)
    Platform().sign_in()
    assert order(alone, Session.objects.latest("opened_at"), "60000") == "allowed"
