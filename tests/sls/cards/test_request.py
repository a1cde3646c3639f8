"""Requesting a card."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.cards import orders
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.step_up.models import Pending
from tests.cast import account
from tests.sls.cards.conftest import ADDRESS, REQUEST, draft, ship, text, version


@pytest.fixture
def drafted(signed_in):
    draft(signed_in)
    return signed_in


def equity(amount, currency="USD"):
    ClientAccount.objects.update(equity=amount, currency=currency)


def test_orders_what_the_summary_showed(drafted, alice, prove):
    page = text(drafted.get(f"{REQUEST}summary/"))
    for words in ("1 Harbour Street", "U1000001", "USD 20", "never for an empty battery"):
        assert words in page
    assert "7306" not in page
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    order = Order.objects.get()
    assert order.confirmed_at is not None
    assert order.opened("pin") == "7306"
    assert order.opened("address") == ADDRESS
    assert "We expect to send it on" in text(drafted.get(REQUEST))
    entry = Entry.objects.get(event=Event.CARD_REQUESTED)
    assert entry.detail == {"account": "U1000001", "why": ""}


def test_says_what_signs_in_until_it_arrives(drafted, prove):
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    assert "Until it arrives You sign in as before" in text(drafted.get(REQUEST))


def test_nothing_is_ordered_without_a_proof(drafted):
    answer = drafted.post(f"{REQUEST}confirm/", {"version": version(drafted)})
    assert answer["Location"].startswith("/step-up/")
    assert Order.objects.get().confirmed_at is None


def test_an_order_that_was_changed_meanwhile_is_read_again(drafted, prove):
    old = version(drafted)
    drafted.post(REQUEST, {"address": ADDRESS.replace("Harbour", "Other")})
    answer = prove(drafted, f"{REQUEST}confirm/", version=old)
    assert answer["Location"] == f"{REQUEST}summary/"
    assert Order.objects.get().confirmed_at is None


def test_no_pin_is_kept_anywhere_but_sealed(drafted, prove):
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    assert b"7306" not in bytes(Order.objects.get().pin)
    for model in (Entry, Message, Pending, Session):
        assert "'7306'" not in str(list(model.objects.values()))


def test_exactly_the_threshold_is_not_more(signed_in):
    equity(500_000)
    assert "for accounts of more than USD 500,000" in text(signed_in.get(REQUEST))
    assert signed_in.post(REQUEST, {"address": ADDRESS}).status_code == 302
    assert not Order.objects.exists()


def test_a_cent_more_is(signed_in):
    equity("500000.01")
    draft(signed_in)


def test_equity_is_converted(signed_in):
    equity(90_000_000, "JPY")
    draft(signed_in)


def test_who_owns_no_account_asks_the_owner(client, carol, sign_in):
    sign_in(client, carol)
    assert "you own none" in text(client.get(REQUEST))


def test_staff_allow_one_below_with_a_reason(client, bob, sign_in):
    sign_in(client, bob)
    assert "more than USD 500,000" in text(client.get(REQUEST))
    call_command("allow_card", "bob", "--reason", "T-17")
    assert "more than USD 500,000" not in text(client.get(REQUEST))
    entry = Entry.objects.get(event=Event.CARD_ALLOWED)
    assert (entry.actor, entry.detail) == ("staff:command", {"reason": "T-17"})


@pytest.mark.parametrize("args", [("bob", "--reason", " "), ("nobody", "--reason", "T-17")])
def test_staff_name_a_person_and_a_reason(bob, args):
    with pytest.raises(CommandError):
        call_command("allow_card", *args)


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("123", "A PIN has 4 digits"),
        ("０００１", "A PIN has 4 digits"),
        ("7777", "do not repeat"),
        ("2345", "not in a row"),
        ("1984", "look like a year"),
        ("0101", "do not repeat"),
        ("5550", "not part of your telephone numbers"),
        ("9411", "not part of your telephone numbers"),
        ("", "Enter a PIN"),
    ],
)
def test_a_pin_that_is_guessed_first_is_refused_with_its_reason(signed_in, pin, words):
    signed_in.post(REQUEST, {"address": ADDRESS})
    answer = signed_in.post(f"{REQUEST}pin/", {"pin": pin, "pin_again": pin})
    assert words in text(answer)
    assert Order.objects.get().pin is None
    assert not pin or f'value="{pin}"' not in answer.content.decode()


def test_a_pin_is_typed_twice(signed_in):
    signed_in.post(REQUEST, {"address": ADDRESS})
    answer = signed_in.post(f"{REQUEST}pin/", {"pin": "7306", "pin_again": "7307"})
    assert "The two PINs differ" in text(answer)


def test_an_address_that_fits_no_envelope_is_asked_again(signed_in):
    answer = signed_in.post(REQUEST, {"address": "<b>here</b>"})
    assert "as on an envelope" in text(answer)
    assert "&lt;b&gt;here" in answer.content.decode()
    assert not Order.objects.exists()


def test_the_reserve_is_held_on_an_account_of_ones_own(signed_in, bob):
    signed_in.post(REQUEST, {"address": ADDRESS})
    signed_in.post(f"{REQUEST}pin/", {"pin": "7306", "pin_again": "7306"})
    signed_in.post(f"{REQUEST}account/", {"account": "U1000002"})
    assert Order.objects.get().account is None
    assert "Choose an account" in text(signed_in.post(f"{REQUEST}account/"))


@pytest.mark.parametrize("page", ["pin/", "account/", "summary/"])
def test_a_page_whose_turn_has_not_come_leads_to_the_first(signed_in, page):
    assert signed_in.get(f"{REQUEST}{page}")["Location"] == REQUEST


def test_it_can_be_cancelled_until_it_is_sent(drafted, alice, prove):
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    drafted.post(f"{REQUEST}cancel/")
    order = Order.objects.get()
    assert (order.pin, order.address) == (None, None)
    assert Entry.objects.filter(event=Event.CARD_CANCELLED, user=alice).exists()
    draft(drafted)


def test_a_freeze_cancels_it_because_it_may_have_been_for_somebody_else(drafted, alice, prove):
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    made = freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    assert made.counts["cards"] == 1
    order = Order.objects.get()
    assert (order.pin, order.address) == (None, None)
    assert audit.verify(alice) is None


def test_a_card_on_its_way_is_not_requested_twice(drafted, alice, prove):
    prove(drafted, f"{REQUEST}confirm/", version=version(drafted))
    ship(alice)
    assert "on its way to you already" in text(drafted.get(REQUEST))
    page = text(drafted.get("/settings/security/sls/"))
    assert "On its way to you" in page
    assert "Activate" in page


def test_a_draft_is_nobody_elses(drafted, bob, sign_in, client):
    account("U1000009", bob, equity=900_000)
    other = client.__class__()
    sign_in(other, bob)
    assert "1 Harbour Street" not in other.get(REQUEST).content.decode()
    assert other.get(f"{REQUEST}summary/")["Location"] == REQUEST


def test_drafts_go_after_a_day(drafted):
    assert orders.purge() == 0
    Order.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert orders.purge() == 1


def test_an_empty_battery_costs_nothing(holder, card, prove):
    draft(holder, why="battery")
    assert "Nothing is charged" in text(holder.get(f"{REQUEST}summary/"))
    prove(holder, f"{REQUEST}confirm/", version=version(holder))
    assert not Charge.objects.exists()
    assert CardDevice.objects.get().revoked_at is None


def test_a_lost_card_is_given_up_and_charged(holder, card, alice, prove):
    held(card)
    holder.post(f"/settings/security/card/{card.pk}/lost/")
    draft(holder, why="battery")
    assert "held for it are charged" in text(holder.get(f"{REQUEST}summary/"))
    prove(holder, f"{REQUEST}confirm/", version=version(holder))
    assert [one.kind for one in Charge.objects.order_by("pk")] == ["held", "charged"]
    card.refresh_from_db()
    assert card.revoked_at is not None
    assert holder.post(f"/settings/security/card/{card.pk}/found/").status_code == 404


def held(device: CardDevice) -> None:
    account = ClientAccount.objects.get(number="U1000001")
    Charge.objects.create(
        card=Card.objects.get(),
        account=account,
        user=device.user,
        kind=Charge.Kind.HELD,
        amount_usd=20,
        why="issued",
        at=timezone.now() - timedelta(days=1),
    )
