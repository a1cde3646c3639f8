"""The brokerage delivers; its client signs in, reads what there is and saves the identical file."""

import json
import urllib.request
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.audit.events import Event
from accounts.audit.models import Entry
from tests.journeys.person import Person
from tests.pdfs import BOOKS, pdf, sent, service, sha256_of

ALICE = "+14155550101"


@pytest.fixture(autouse=True)
def _books(settings) -> None:
    settings.SERVICE_TOKENS = [service("books", BOOKS, ":documents+figures")]


def post(person: Person, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a system of the brokerage is told."""
    asked = urllib.request.Request(
        f"{person.base}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {BOOKS}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def sign_in(person: Person, name: str, mobile: str) -> None:
    person.give_password(name)
    person.give_code(person.read_code(mobile))
    expect(person.page).to_have_url(f"{person.base}/")


def test_delivered_over_http_and_saved_by_its_client_alone(person, new_person, alice, bob, axe):
    content = pdf("Activity statement", size=700_000)
    told = post(person, "documents", sent(content))
    position = {"symbol": "AAPL", "quantity": "120", "value": "33120.00", "currency": "USD"}
    amounts = {"cash": "120500.25", "net_liquidation": "750000.00", "margin_used": "0"}
    at = {
        "account": "U1000001",
        "as_of": timezone.now().isoformat(timespec="seconds"),
        "currency": "USD",
    }
    post(person, "figures", at | amounts | {"positions": [position]})
    mail = person.read_mail("alice@example.com", "a new statement is there")
    assert told["id"] not in mail
    assert "U1000001" not in mail

    sign_in(person, "alice", ALICE)
    person.page.get_by_role("link", name="Statements").first.click()
    person.sees("USD 750,000.00")
    person.sees("Not opened yet")
    axe(person.page)
    with person.page.expect_download() as saving:
        person.page.get_by_role("link", name="Download").click()
    saved = saving.value
    assert saved.suggested_filename == "Daily statement, 25 Nov 2024, U1000001.pdf"
    with open(saved.path(), "rb") as file:
        assert file.read() == content
    person.open("/statements/")
    person.sees("Last opened by you")
    person.page.get_by_text("Details").first.click()
    person.sees(sha256_of(content))
    entry = Entry.objects.get(event=Event.DOCUMENT_OPENED)
    assert (entry.user, entry.detail["sha256"]) == (alice, sha256_of(content))
    person.page.get_by_role("link", name="Positions – U1000001").click()
    person.sees("AAPL")
    person.page.get_by_role("link", name="Something is wrong here").click()
    person.fill(text="I hold 100 AAPL.")
    person.press("Report it")
    person.sees("I hold 100 AAPL.")

    other = new_person()
    sign_in(other, "bob", "+14155550102")
    path = f"{other.base}/statements/{told['id']}/"
    never = f"{other.base}/statements/00000000-0000-4000-8000-000000000000/"
    assert [other.page.request.get(one).status for one in (path, never)] == [404, 404]
    assert Entry.objects.filter(event=Event.DOCUMENT_OPENED).count() == 1
