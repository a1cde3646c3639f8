"""Orders against the ceilings of their account, by the figures that were delivered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ceilings import services as ceilings
from accounts.ceilings.rules import Kind
from accounts.client_accounts.models import ClientAccount, Role
from accounts.client_accounts.services import grant
from accounts.figures import services as figures
from accounts.figures.models import Snapshot
from accounts.figures.rules import Figures, Position
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.decisions import services
from sls.decisions.models import AllowedOrder
from tests.attacks.tools import at_once
from tests.cast import person
from tests.platforms import Platform
from tests.sls.decisions.test_api import (
    _service,  # noqa: F401 (a fixture)
    apart,
    ask,
    post,
    until_somebody_waits,
)

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def trading(alice) -> Session:
    """Alice is signed in on TWS."""
    Platform().sign_in()
    return Session.objects.get()


def put(user: User, **wanted: int | None) -> None:
    """Ceilings that hold from now on."""
    account = ClientAccount.objects.get(number="U1000001")
    set_to = {Kind(kind): None if one is None else D(one) for kind, one in wanted.items()}
    ceilings.change(account=account, wanted=set_to, by=user.pk, origin=SYSTEM, proven=False)


def deliver(ago: float = 1, held: int = 0, currency: str = "USD", **changed: Any) -> None:
    usual = {"cash": D(0), "net_liquidation": D(1000), "margin_used": D(0)}
    positions = {"AAPL": Position(D(held or 1), D(held), currency)} if held else {}
    made = Figures(
        as_of=timezone.now() - timedelta(seconds=ago),
        **{"currency": currency, "positions": positions} | usual | changed,
    )
    assert figures.deliver(number="U1000001", figures=made, system="books") is None


def order(session: Session, amount: str | None = "100.00", **changed: Any) -> tuple[str, str]:
    usual = {"amount": amount, "symbol": "AAPL", "side": "buy"} if amount else {}
    told = ask(session, action="order", **usual | changed)
    return told["outcome"], told["reason"]


def test_without_ceilings_an_order_says_what_it_likes_and_nothing_is_kept(trading):
    assert order(trading, None) == ("allowed", "")
    assert order(trading, "999999999999") == ("allowed", "")
    assert not AllowedOrder.objects.exists()


def test_an_order_above_the_ceiling_is_refused_and_written_down(alice, trading):
    put(alice, order=100)
    assert order(trading, "100.00") == ("allowed", "")
    told = ask(trading, action="order", amount="100.01")
    assert (told["outcome"], told["reason"]) == ("refused", "order_size")
    entry = Entry.objects.filter(user=alice, event=Event.DECIDED).get()
    assert told["entry"].startswith(f"{entry.number}-")
    assert entry.detail["reason"] == "order_size"
    assert order(trading, None) == ("refused", "untold")
    assert ask(trading, action="view")["outcome"] == "allowed"


def test_a_raise_holds_after_its_day_and_not_before(alice, trading, clock):
    put(alice, order=100)
    account = ClientAccount.objects.get(number="U1000001")
    ceilings.change(
        account=account, wanted={Kind.ORDER: D(200)}, by=alice.pk, origin=SYSTEM, proven=True
    )
    assert order(trading, "150")[1] == "order_size"
    clock.shift(23 * 3600)
    Platform().sign_in()
    session = Session.objects.latest("opened_at")
    assert order(session, "150")[1] == "order_size"
    clock.shift(3600)
    Platform().sign_in()
    session = Session.objects.latest("opened_at")
    assert order(session, "150") == ("allowed", "")


def test_figures_that_are_missing_old_or_unreadable_mean_no(alice, trading):
    put(alice, position=1000)
    assert order(trading) == ("refused", "figures")
    deliver(ago=901)
    assert order(trading) == ("refused", "figures")
    deliver(ago=800)
    assert order(trading) == ("allowed", "")
    Snapshot.objects.update(sealed=b"not sealed by us")
    assert order(trading) == ("refused", "figures")
    deliver(held=5, currency="XAU")
    assert order(trading) == ("refused", "figures")


def test_what_was_allowed_counts_until_the_figures_have_it(alice, trading, clock):
    put(alice, position=1000)
    deliver(held=500)
    assert order(trading, "300") == ("allowed", "")
    assert order(trading, "300") == ("refused", "position")
    assert order(trading, "300", symbol="aapl") == ("refused", "position")
    assert order(trading, "1000", symbol="MSFT") == ("allowed", "")
    assert order(trading, "200") == ("allowed", "")
    # A sale that is not filled yet frees nothing; it is allowed down to the other side.
    assert order(trading, "1500", side="sell") == ("allowed", "")
    assert order(trading, "1", side="sell") == ("refused", "position")
    assert order(trading, "1") == ("refused", "position")
    clock.shift(60)
    deliver(ago=0, held=-1000)
    assert order(trading, "1", side="sell") == ("refused", "position")
    assert order(trading, "2000") == ("allowed", "")
    assert "AAPL" not in str(list(AllowedOrder.objects.values()))


def test_a_short_position_told_without_its_sign_is_short(alice, trading):
    put(alice, position=1000)
    deliver(positions={"AAPL": Position(D(-5), D(900), "USD")})
    assert order(trading, "101", side="sell") == ("refused", "position")
    assert order(trading, "1900") == ("allowed", "")


def test_margin_is_held_against_what_the_account_is_worth(alice, trading):
    put(alice, margin=50)
    deliver(margin_used=D(200))
    assert order(trading, "301") == ("refused", "margin")
    assert order(trading, "900", margin="300") == ("allowed", "")
    # Of another symbol too: it was all used up.
    assert order(trading, "1", symbol="MSFT") == ("refused", "margin")
    assert order(trading, "1", symbol="MSFT", margin="0") == ("allowed", "")


def test_what_makes_a_position_smaller_uses_no_margin(alice, trading):
    put(alice, margin=50)
    deliver(held=400, margin_used=D(900))
    assert order(trading, "400", side="sell") == ("allowed", "")
    assert AllowedOrder.objects.get().margin == 0
    assert order(trading, "1", side="sell") == ("refused", "margin")


def test_another_currency_is_told_in_dollars(alice, trading, settings):
    settings.CARD_FX = settings.CARD_FX | {"JPY": D("0.01")}
    put(alice, position=1000)
    deliver(held=90_000, currency="JPY")
    assert order(trading, "100") == ("allowed", "")
    assert order(trading, "1") == ("refused", "position")


@pytest.mark.parametrize("ceiling", ["order", "position", "margin"])
def test_the_most_that_a_decision_costs(alice, trading, counted_queries, ceiling):
    put(alice, **{ceiling: 50})
    deliver(net_liquidation=D(10**9))
    order(trading, "1")
    with counted_queries(most=4 if ceiling == "order" else 7):
        assert order(trading, "1") == ("allowed", "")


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "NaN"},
        {"amount": "1e3"},
        {"amount": "1.001"},
        {"amount": 5},
        {"symbol": ""},
        {"symbol": " A"},
        {"symbol": "A\u0000"},
        {"symbol": "x" * 41},
        {"side": "short"},
        {"side": ""},
        {"margin": "-1"},
        {"margin": "NaN"},
        {"margin": 1},
        {"quantity": "5"},
        {"destination": "x"},
    ],
)
def test_what_is_malformed_decides_nothing(alice, trading, changed):
    put(alice, order=1)
    body = {"session": trading.key[:12], "action": "order", "account": "U1000001", "amount": "1"}
    assert post(**body | changed).status_code == 400
    assert not Entry.objects.filter(event=Event.DECIDED).exists()


def test_ceilings_bind_every_user_of_the_account(alice, carol):
    put(alice, order=100)
    Platform().sign_in("carol")
    assert order(Session.objects.get(), "101") == ("refused", "order_size")


def test_what_was_allowed_is_deleted_after_a_day(alice, trading, clock):
    put(alice, position=1000)
    deliver()
    order(trading)
    assert services.purge() == 0
    clock.shift(25 * 3600)
    assert services.purge() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_orders_at_once_by_two_users_no_more_is_allowed_than_fits(alice, carol):
    grant(account=alice.memberships.get().account, user=carol, role=Role.TRADER)
    put(alice, position=1000)
    for name in ("alice", "carol"):
        Platform().sign_in(name)
    sessions = list(Session.objects.order_by("pk"))
    deliver()
    got = at_once(50, lambda number: order(sessions[number % 2], "100"))
    assert got.count(("allowed", "")) == 10
    assert got.count(("refused", "position")) == 40


@pytest.mark.django_db(transaction=True)
def test_asvs_15_4_2_a_ceiling_that_is_lowered_while_an_order_waits_holds_for_it(alice):
    account = ClientAccount.objects.get(number="U1000001")
    trader = person("erin", mobile="+14155550144")
    grant(account=account, user=trader, role=Role.TRADER)
    Platform().sign_in("erin")
    session = Session.objects.get()
    put(alice, order=1000)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.lock(alice.pk)
            ClientAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
            waiting = pool.submit(apart, lambda: order(session, "500.00"))
            until_somebody_waits()
            put(alice, order=100)
        assert waiting.result() == ("refused", "order_size")
