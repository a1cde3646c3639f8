"""A system flags a transaction, its client is asked by a call, and the portal decides."""

import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.cases.models import Case
from accounts.freeze.models import Freeze, How
from accounts.holds.models import Hold, Why
from accounts.outbox.models import Message, Status
from accounts.transactions import calling
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from tests.cast import PASSWORD, card_device
from tests.journeys.person import Person
from tests.pdfs import service
from tests.waiting import wait_until

ALICE, WATCH = "+14155550101", "token-of-the-watch-of-the-test"


@pytest.fixture(autouse=True)
def _watch(settings) -> None:
    settings.SERVICE_TOKENS = [service("watch", WATCH, ":transactions")]


def asks(base: str, path: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the system that watches is told."""
    asked = urllib.request.Request(
        f"{base}/api/v1/transactions{path}",
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {WATCH}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def stands(base: str) -> tuple[str, bool]:
    """How the transaction stands for that system."""
    told = asks(base, "/fraud-77")
    return told["state"], told["held"]


@pytest.fixture
def called(desk, alice) -> Person:
    """The desk, after it has had Alice called about what a system flagged."""
    sent = {
        "id": "fraud-77",
        "account": "U1000001",
        "kind": "withdrawal",
        "what": "Bank of Nowhere, account ending 4471",
        "amount": "25000.00",
        "currency": "USD",
        "at": (timezone.now() - timedelta(minutes=5)).isoformat(timespec="seconds"),
    }
    told = asks(desk.base, body=sent)
    assert asks(desk.base, body=sent) == told
    desk.read_mail("alice@example.com", "was this transaction yours?")
    desk.open("/console/transactions/")
    desk.page.get_by_role("link", name=f"Open – {told['reference']}").click()
    desk.sees(told["reference"], "h1")
    desk.sees("From the system watch, as fraud-77")
    desk.press("Call the client")
    desk.sees("The client is called at +1 ... 01.")
    return desk


def hand(person: Person) -> Page:
    """Alice's telephone, as it lies in her hand."""
    page = person.page.context.new_page()
    page.goto(f"{person.wire.base}/phone/{ALICE}/")
    return page


def test_mine_by_a_key_releases_nothing_until_she_confirms_it_signed_in(called, new_person, alice):
    card_device(alice)
    owner = new_person()
    telephone = hand(owner)
    telephone.get_by_role("button", name="Answer").click()
    speech, one = (
        telephone.get_by_role("log"),
        telephone.get_by_role("button", name="1", exact=True),
    )
    expect(speech).to_contain_text("Press 1 to hear it")
    assert "Nowhere" not in speech.inner_text()
    one.click()
    expect(speech).to_contain_text("25,000 US dollars")
    expect(speech).to_contain_text("Bank of Nowhere, account ending 4471")
    expect(speech).to_contain_text("Press 9 if it was not")
    one.click()
    expect(speech).to_contain_text("it is still held")

    called.page.reload()
    called.sees("Said on the telephone: mine.")
    called.sees("Waiting for the client")
    assert stands(called.base) == ("waiting", True)
    assert Hold.objects.get(user=alice, why=Why.TRANSACTION).lifted_at is None

    owner.give_password("alice")
    owner.page.get_by_label("Digital Security Card+").check()
    owner.press("Continue")
    owner.give_code(owner.lets_the_card_answer())
    owner.is_in()
    owner.page.get_by_role("link", name="Answer").first.click()
    owner.page.get_by_role("link", name="Answer").first.click()
    owner.sees("Was this you?", "h1")
    owner.sees("On the telephone somebody said that it is yours.")
    owner.press("Mine We ask you")
    owner.fill(password=PASSWORD)
    owner.press("Continue")
    owner.sees("Verify by: Digital Security Card+")
    assert stands(called.base) == ("waiting", True)
    owner.give_code(owner.lets_the_card_answer())
    owner.sees("USD 25,000.00")
    owner.press("Confirm")
    owner.sees("Thank you. It goes on.", "body")
    assert stands(called.base) == ("mine", False)
    assert Hold.objects.get(user=alice, why=Why.TRANSACTION).lifted_at is not None
    called.page.reload()
    called.sees("Client: mine")


def test_not_mine_by_a_key_counts_opens_a_case_and_offers_to_stop_everything(called, new_person):
    owner = new_person()
    call = owner.rings(ALICE)
    owner.does(ALICE, call, "answer")
    owner.hears(ALICE, "Press 1 to hear it")
    owner.does(ALICE, call, "press", digits="1")
    owner.hears(ALICE, "Press 9 if it was not")
    owner.does(ALICE, call, "press", digits="9")
    owner.hears(ALICE, "Press 9 again to stop everything")
    made = Transaction.objects.get()
    assert (made.state, made.case) == (State.NOT_MINE, Case.objects.get())
    assert stands(called.base) == ("not_mine", True)
    assert not Freeze.objects.exists()
    called.page.reload()
    called.sees("Client: not mine")
    called.sees(made.case.shown)
    expect(called.page.get_by_role("button", name="Release it")).to_have_count(0)

    owner.does(ALICE, call, "press", digits="9")
    owner.hears(ALICE, "Everything is stopped.")
    assert wait_until(Freeze.objects.first).how == How.CALL
    owner.give_password("alice")
    owner.sees("stopped", "body")


def test_nobody_answers_the_call_and_it_stays_held(called, new_person):
    owner = new_person()
    owner.does(ALICE, owner.rings(ALICE), "decline")
    call = Message.objects.filter(name=calling.MESSAGE)
    wait_until(lambda: call.filter(status=Status.UNDELIVERED).exists())
    assert stands(called.base) == ("waiting", True)
    called.page.reload()
    called.sees("Waiting for the client")
