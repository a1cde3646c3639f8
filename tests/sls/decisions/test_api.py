"""What the brokerage's own systems are told, and the proof that is bound to amount and place."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.client_accounts import phones
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.people import remove
from accounts.client_accounts.services import grant
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.holds import services as holds
from accounts.holds import support
from accounts.holds.models import Hold, What, Why
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.transactions import services as transactions
from accounts.transactions.models import Kind, Transaction
from accounts.users.models import User
from sls.decisions import services
from sls.decisions.models import Withdrawal
from sls.methods import registry
from tests.cast import PASSWORD, card_device, person, response
from tests.platforms import Platform
from tests.waiting import apart, until_somebody_waits

TOKEN = "service-token-of-the-test"
IBAN = "DE89 3704 0044 0532 0130 00"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _service(settings) -> None:
    settings.SERVICE_TOKENS = [f"payments:{hashlib.sha256(TOKEN.encode()).hexdigest()}"]


def post(token: str = TOKEN, **body: Any) -> HttpResponse:
    return Client(raise_request_exception=False).post(
        "/api/v1/decisions",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def ask(session: Session, **changed: Any) -> dict[str, Any]:
    body = {"session": session.key[:12], "action": "withdraw", "account": "U1000001"} | changed
    if body["action"] == "withdraw":
        body = {"amount": "300000.00", "destination": IBAN} | body
    answer = post(**body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


@pytest.fixture
def mobile(alice) -> Session:
    """Alice is signed in on her phone, by text message, and holds a card."""
    card_device(alice)
    platform = Platform("mobile_ios")
    platform.sign_in()
    Message.objects.all().delete()
    Hold.objects.all().delete()
    return Session.objects.get()


def prove_by_card(url: str) -> HttpResponse:
    """In the portal, with password and card."""
    browser = Client()
    attempt = browser.post("/login/", {"username": "alice", "password": PASSWORD})["Location"]
    devices = {one.method: one for one in _ways()}
    browser.post(f"{attempt}method/", {"device": devices["dsc_plus"].id})
    browser.post(f"{attempt}answer/", {"code": response(newest())})
    held = browser.post(url)
    assert held.status_code == 302, held.content.decode()
    step = held["Location"]
    page = browser.get(step).content.decode()
    assert "300,000.00" in page
    assert IBAN in page
    assert browser.post(step, {"password": PASSWORD}).status_code == 302
    proven = browser.post(f"{step}answer/", {"code": response(newest())})
    confirm = browser.get(proven["Location"]).content.decode()
    assert "300,000.00" in confirm
    return browser.post(url)


def _ways() -> list:

    return registry.devices(User.objects.get(username="alice").pk)


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")


def test_a_withdrawal_above_the_limit_is_stepped_up_by_card_and_bound_to_the_amount(mobile):
    told = ask(mobile)
    assert told["outcome"] == "needs_step_up"
    assert told["methods"] == ["dsc_plus"]
    assert told["entry"]
    path = told["prove_at"].removeprefix("http://localhost:8000")
    assert prove_by_card(path).status_code == 302
    row = Withdrawal.objects.get()
    assert row.method == "dsc_plus"
    # Another amount, another place, another account: each is another question.
    assert ask(mobile, amount="300000.01")["outcome"] == "needs_step_up"
    assert ask(mobile, destination="DE02 1203 0000 0000 2020 51")["outcome"] == "needs_step_up"
    told = ask(mobile)
    assert told["outcome"] == "allowed"
    entry = Entry.objects.filter(event=Event.WITHDRAWAL_ALLOWED).get()
    assert told["entry"].startswith(f"{entry.number}-")
    assert entry.detail["amount"] == "300000.00"
    # The proof was good for one.
    assert ask(mobile)["outcome"] == "needs_step_up"


def test_nothing_is_allowed_while_a_new_password_is_demanded(mobile):
    User.objects.update(password_demanded_at=timezone.now())
    told = ask(mobile, amount="10.00")
    assert (told["outcome"], told["reason"]) == ("refused", "password")


def test_a_proof_is_good_for_five_minutes(mobile, clock):
    told = ask(mobile)
    prove_by_card(told["prove_at"].removeprefix("http://localhost:8000"))
    clock.shift(301)
    assert ask(mobile)["outcome"] == "needs_step_up"


def test_another_session_of_the_same_person_has_no_use_of_it(mobile):
    told = ask(mobile)
    prove_by_card(told["prove_at"].removeprefix("http://localhost:8000"))
    web = Session.objects.get(platform="web")
    assert ask(web)["outcome"] == "needs_step_up"


def test_the_page_is_its_owners_alone(mobile, client, bob, sign_in):
    told = ask(mobile)
    path = told["prove_at"].removeprefix("http://localhost:8000")
    sign_in(client, bob)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in (302, 404)
    assert Withdrawal.objects.get().proven_at is None


def test_where_to_is_kept_sealed(mobile):
    ask(mobile)
    row = Withdrawal.objects.get()
    assert IBAN.encode() not in bytes(row.destination)
    assert row.shown() == IBAN
    assert not Entry.objects.filter(detail__icontains="DE89").exists()


def test_a_trader_withdraws_nothing_and_a_removed_one_sees_nothing(alice, carol):
    Platform().sign_in("carol")
    session = Session.objects.get()
    assert ask(session)["reason"] == "role"
    assert ask(session, action="order")["outcome"] == "allowed"
    remove(membership=Membership.objects.get(user=carol), by=alice.pk, origin=SYSTEM)
    assert ask(session, action="view")["reason"] == "session"


def test_tws_moves_no_money(alice):
    Platform().sign_in()
    assert ask(Session.objects.get())["reason"] == "interface"


def test_a_hold_is_told_with_its_end_and_a_freeze_ends_the_session(alice):
    card_device(alice)
    Platform("mobile_ios").sign_in()
    session = Session.objects.get()

    with transaction.atomic():
        entry = audit.record(Event.DEVICE_RENAMED, user=audit.lock(alice.pk), origin=SYSTEM)
        holds.place(entry=entry, what=What.WITHDRAWALS, why=Why.PHONE)
    told = ask(session)
    assert told["outcome"] == "held_until"
    assert told["until"]
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    assert ask(session)["reason"] == "session"


def test_what_an_owner_is_asked_about_holds_withdrawals_of_every_owner(alice, bob):
    """Whoever stole one user name may hold another that owns the account."""
    joint = Membership.objects.get(user=alice).account
    grant(account=joint, user=bob, role=Role.OWNER)
    Platform("mobile_ios").sign_in("bob")
    session = Session.objects.get()
    assert ask(session, amount="10.00")["outcome"] == "needs_step_up"
    asked = flag_withdrawal(alice)
    told = ask(session, amount="10.00")
    assert (told["outcome"], told["until"]) == ("held_until", None)
    assert ask(session, action="settings")["reason"] != "hold"
    assert ask(session, amount="10.00", account="U1000002")["outcome"] == "needs_step_up"
    transactions.confirm(made=asked, origin=SYSTEM)
    assert ask(session, amount="10.00")["outcome"] == "needs_step_up"


def test_what_means_no_account_holds_the_one_who_is_asked(alice, bob):
    grant(account=Membership.objects.get(user=alice).account, user=bob, role=Role.OWNER)
    Platform("mobile_ios").sign_in("bob")
    flag_withdrawal(alice, account="")
    assert ask(Session.objects.get(), amount="10.00")["outcome"] == "needs_step_up"


def flag_withdrawal(user: User, account: str = "U1000001") -> Transaction:
    flagged = transactions.Flagged(
        kind=Kind.WITHDRAWAL,
        what="To a new bank account",
        account=account,
        amount=Decimal(9000),
        currency="USD",
        at=timezone.now(),
    )
    return transactions.flag(user_id=user.pk, flagged=flagged, origin=SYSTEM)


@pytest.mark.parametrize("what", [What.OPENING, What.TRADING])
def test_a_hold_of_support_stops_orders(alice, what):
    Platform().sign_in()
    session = Session.objects.get()
    assert ask(session, action="order")["outcome"] == "allowed"
    with transaction.atomic():
        locked = audit.lock(alice.pk)
        hold = support.place(
            user=locked, what=what, hours=24, reason="R", actor="staff:sam", origin=SYSTEM
        )
    told = ask(session, action="order")
    assert (told["outcome"], told["reason"]) == ("held_until", "hold")
    assert told["until"][:19] == hold.until.isoformat()[:19]
    assert ask(session, action="view")["outcome"] == "allowed"


def test_a_session_that_is_over_or_unknown_may_do_nothing(mobile, clock):
    assert post(session="0" * 12, action="view", account="U1000001").json()["reason"] == "session"
    clock.shift(13 * 3600)
    assert ask(mobile)["reason"] == "session"


def test_an_account_of_somebody_else_is_none(mobile):
    person("erin")
    assert ask(mobile, account="U9999999")["reason"] == "role"


@pytest.mark.parametrize("token", ["", "x", "service-token-of-the-tesT", TOKEN + "x"])
def test_only_systems_of_the_brokerage_ask(mobile, token):
    answer = post(token, session=mobile.key[:12], action="view", account="U1000001")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_no_token_of_a_session_or_program_asks(alice):
    platform = Platform()
    platform.sign_in()
    answer = post(platform.token, session="0" * 12, action="view", account="U1000001")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "1e9"},
        {"amount": "NaN"},
        {"amount": "1.001"},
        {"amount": 300000},
        {"amount": None},
        {"destination": ""},
        {"destination": " "},
        {"action": "view"},
        {"destination": "a\nb"},
        {"currency": "usd"},
        {"currency": "XXX"},
        {"account": "U1"},
        {"session": "x"},
        {"action": "trade"},
        {"more": 1},
    ],
)
def test_what_is_malformed_decides_nothing(mobile, changed):
    body = {
        "session": mobile.key[:12],
        "action": "withdraw",
        "account": "U1000001",
        "amount": "1.00",
        "destination": IBAN,
    }
    assert post(**body | changed).status_code == 400
    assert not Withdrawal.objects.exists()


def test_a_decision_costs_the_same_however_much_there_is(mobile, counted_queries):
    ask(mobile, action="view")
    with counted_queries(most=2):
        ask(mobile, action="view")
    with counted_queries(most=4):
        ask(mobile, action="order", amount="1", symbol="AAPL", side="buy")
    for _ in ("put", "put again"):
        with counted_queries(most=7):
            ask(mobile)


def test_a_withdrawal_whose_place_cannot_be_shown_is_not_proven(mobile, alice):
    ask(mobile)
    row = Withdrawal.objects.get()
    card = next(one for one in _ways() if one.method == "dsc_plus")
    sealed = {"user_id": alice.pk, "pk": row.pk, "device": card.id, "origin": SYSTEM}
    Withdrawal.objects.update(destination=b"\x00" * 64)
    assert not services.prove(**sealed)
    assert Withdrawal.objects.get().proven_at is None
    Withdrawal.objects.update(destination=row.destination)
    assert services.prove(**sealed)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["view", "order", "withdraw"])
def test_asvs_8_3_2_what_is_taken_away_while_a_decision_waits_holds_for_it(mobile, alice, action):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.lock(alice.pk)
            waiting = pool.submit(apart, lambda: ask(mobile, action=action))
            until_somebody_waits()
            sessions.end(row=mobile, why=End.SIGNED_OUT, origin=SYSTEM)
        told = waiting.result()
    assert (told["outcome"], told["reason"]) == ("refused", "session")


@pytest.mark.django_db(transaction=True)
def test_asvs_8_3_2_a_phone_that_is_narrowed_while_a_decision_waits_is_narrowed(mobile, alice):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.lock(alice.pk)
            waiting = pool.submit(apart, lambda: ask(mobile, action="order"))
            until_somebody_waits()
            phones.narrow(user_id=alice.pk, switch=phones.Switch.VIEWS_ONLY, origin=SYSTEM)
        told = waiting.result()
    assert (told["outcome"], told["reason"]) == ("refused", "narrowed")


@pytest.mark.django_db(transaction=True)
def test_what_another_owner_is_asked_while_a_decision_waits_holds_it(alice, bob):
    grant(account=Membership.objects.get(user=alice).account, user=bob, role=Role.OWNER)
    Platform("mobile_ios").sign_in("bob")
    session = Session.objects.get()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            flag_withdrawal(alice)
            waiting = pool.submit(apart, lambda: ask(session, amount="10.00"))
            until_somebody_waits()
        told = waiting.result()
    assert (told["outcome"], told["reason"]) == ("held_until", "hold")
