"""Alice and our staff prove to each other who they are, and a transaction is refused."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.callers.models import Talk
from accounts.callers.rules import LIFE, Proof
from accounts.cases.models import Case
from accounts.freeze.models import Freeze
from accounts.holds.models import Hold, Why
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from tests.journeys.person import Person

ALICE, MAIL = "+14155550101", "alice@example.com"


def opens(desk: Person, *, call: bool = False) -> str:
    """Sam opens a conversation with Alice from her page; returns the reference that he reads."""
    desk.open("/console/clients/alice/")
    desk.page.get_by_role("link", name="Talk to the client").click()
    desk.page.get_by_text("A transaction", exact=True).click()
    if call:
        desk.page.get_by_label("Have the reference read out by a call").check()
    desk.press("Open the conversation")
    desk.sees("Say who you are")
    return desk.page.locator("#talk-reference").inner_text()


def checks(person: Person, reference: str) -> None:
    person.open("/verify-caller/")
    person.fill(reference=reference)
    person.press("Check")


@pytest.mark.parametrize("script", [True, False])
def test_the_public_page_knows_a_real_an_expired_and_a_forged_reference(
    new_person, desk, alice, script
):
    reference = opens(desk)
    called = new_person(java_script_enabled=script)
    called.open("/login/")
    called.page.get_by_role("link", name="Is this really you calling me?").first.click()
    called.fill(reference=reference.lower().replace("-", " "))
    called.press("Check")
    called.sees("This reference is ours", "h1")
    called.sees("Sam")
    called.sees("Client Services")
    called.sees("+1 415 555 0100")
    assert "Alice" not in called.page.locator("body").inner_text()

    forged = reference[:-1] + ("0" if reference[-1] != "0" else "1")
    checks(called, forged)
    called.sees("Hang up", "h1")
    of_forged = called.page.locator("main").inner_text()

    Talk.objects.update(opened_at=timezone.now() - LIFE * 2, expires_at=timezone.now() - LIFE)
    checks(called, reference)
    called.sees("Hang up", "h1")
    assert called.page.locator("main").inner_text() == of_forged

    called.press("Report this call")
    called.sees("Thank you. We have your report.", "h1")
    assert reference in Case.objects.get().letters.get().text


def test_alice_hears_the_reference_sees_who_it_is_and_proves_who_she_is(new_person, desk, alice):
    reference = opens(desk, call=True)
    desk.sees("We call")
    alice_tab = new_person()
    call = alice_tab.rings(ALICE)
    alice_tab.does(ALICE, call, "answer")
    alice_tab.hears(ALICE, "Press 1 to hear the reference")
    alice_tab.does(ALICE, call, "press", digits="1")
    alice_tab.hears(ALICE, ", ".join(reference.replace("-", "")))

    alice_tab.give_password("alice")
    alice_tab.give_code(alice_tab.read_code(ALICE))
    alice_tab.is_in()
    alice_tab.sees("We are talking to you now:")
    alice_tab.sees(reference)
    checks(alice_tab, reference)
    alice_tab.sees("Yes, Sam is calling you for us", "h1")
    desk.page.reload()
    desk.sees("Checked 1 time")

    desk.page.get_by_role("button", name="Text message").click()
    desk.sees("A code is on its way")
    text = alice_tab.read_text(ALICE, count=2)
    assert "for your call with our staff" in text
    code = re.search(r"[A-Z]{3}-\d{6}", text).group()
    assert code.partition("-")[2] not in desk.page.content()
    desk.fill(code=code)
    desk.press("Check")
    desk.sees("The caller is the client.")
    assert Talk.objects.get().proof == Proof.PASSED

    desk.press("The conversation is over")
    alice_tab.open("/verify-caller/")
    alice_tab.sees("Nobody here is on the phone with you")


def test_alice_refuses_a_transaction_and_stops_everything(new_person, desk, alice):
    desk.open("/console/clients/alice/")
    desk.page.get_by_role("link", name="Ask about a transaction").click()
    at = (timezone.now() - LIFE).astimezone(ZoneInfo("America/New_York"))  # where Sam sits
    desk.fill(amount="25000", what="Bank of Nowhere", at=f"{at:%Y-%m-%d %H:%M}")
    desk.press("Hold it and ask the client")
    desk.sees("Waiting for the client")
    made = Transaction.objects.get()

    owner = new_person()
    mail = owner.read_mail(MAIL, "was this transaction yours?")
    assert "USD 25,000.00" in mail
    assert "Nowhere" not in mail
    assert "USD 25,000.00" in owner.read_text(ALICE)
    owner.give_password("alice")
    owner.give_code(owner.read_code(ALICE, count=2))
    owner.is_in()
    owner.sees("whether a transaction was yours")
    owner.page.get_by_role("link", name="Answer").first.click()
    owner.page.get_by_role("link", name="Answer").first.click()
    owner.sees("Was this you?", "h1")
    owner.sees("Bank of Nowhere")
    owner.press("Not mine")
    owner.sees("Somebody may have your access")
    made.refresh_from_db()
    assert made.state is State.NOT_MINE
    assert Hold.objects.get(user=alice, why=Why.TRANSACTION).lifted_at is None

    desk.page.reload()
    desk.sees("Client: not mine")
    desk.sees(made.case.shown)

    owner.page.get_by_role("link", name="Stop everything now").click()
    owner.sees("Transaction held: was it you?")
    owner.press("Stop everything now")
    owner.sees("Everything is stopped", "h1")
    assert Freeze.objects.get().about == made.entry
