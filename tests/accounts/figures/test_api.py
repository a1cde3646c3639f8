"""Balances and positions as the brokerage's books deliver them."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.figures import services
from accounts.figures.models import Snapshot
from accounts.figures.rules import Figures, Position
from accounts.vault import CannotOpen
from tests.cast import account

BOOKS, PAYMENTS = "token-of-the-books-of-the-test", "token-of-the-payments-of-the-test"
pytestmark = pytest.mark.django_db


def named(name: str, token: str, scopes: str = "") -> str:
    return f"{name}:{hashlib.sha256(token.encode()).hexdigest()}{scopes}"


@pytest.fixture(autouse=True)
def _systems(settings) -> None:
    settings.SERVICE_TOKENS = [
        named("payments", PAYMENTS),
        named("books", BOOKS, ":documents+figures"),
    ]


def body(**changed: Any) -> dict[str, Any]:
    return {
        "account": "U1000001",
        "as_of": timezone.now().isoformat(timespec="seconds"),
        "currency": "USD",
        "cash": "120500.25",
        "net_liquidation": "750000.00",
        "margin_used": "80000",
        "positions": [
            {"symbol": "AAPL", "quantity": "120", "value": "33120.00", "currency": "USD"},
            {"symbol": "7203.T", "quantity": "-10", "value": "-31000", "currency": "JPY"},
        ],
    } | changed


def send(text: str | bytes, token: str = BOOKS, kind: str = "application/json") -> HttpResponse:
    return Client(raise_request_exception=False).post(
        "/api/v1/figures", text, content_type=kind, headers={"Authorization": f"Bearer {token}"}
    )


def deliver(token: str = BOOKS, **changed: Any) -> HttpResponse:
    return send(json.dumps(body(**changed)), token)


def test_what_is_delivered_is_what_is_there(alice):
    sent = body()
    answer = send(json.dumps(sent))
    assert answer.status_code == 200, answer.content
    found = services.latest("U1000001")
    assert isinstance(found, Figures)
    assert found.as_of.isoformat(timespec="seconds") == sent["as_of"]
    assert (found.currency, found.cash) == ("USD", Decimal("120500.25"))
    assert (found.net_liquidation, found.margin_used) == (Decimal("750000.00"), Decimal(80000))
    assert found.positions == {
        "AAPL": Position(Decimal(120), Decimal("33120.00"), "USD"),
        "7203.T": Position(Decimal(-10), Decimal(-31000), "JPY"),
    }
    with pytest.raises(TypeError):
        found.positions["AAPL"] = None
    assert Snapshot.objects.get().system == "books"


def test_nothing_is_there_before(alice):
    assert services.latest("U1000001") is None
    assert services.latest("U7777777") is None


def test_a_delivery_replaces_all_of_the_one_before(alice):
    now = timezone.now().replace(microsecond=0)
    deliver(as_of=(now - timedelta(hours=1)).isoformat())
    only = [{"symbol": "MSFT", "quantity": "1", "value": "400", "currency": "USD"}]
    assert deliver(as_of=now.isoformat(), positions=only, cash="-0").status_code == 200
    found = services.latest("U1000001")
    assert set(found.positions) == {"MSFT"}
    assert str(found.cash) == "0"
    assert Snapshot.objects.count() == 1
    # The same time once more is a correction.
    assert deliver(as_of=now.isoformat(), positions=[], cash="5").status_code == 200
    assert services.latest("U1000001").cash == 5


def test_what_is_older_changes_nothing(alice):
    now = timezone.now().replace(microsecond=0)
    deliver(as_of=now.isoformat(), cash="1")
    answer = deliver(as_of=(now - timedelta(seconds=1)).isoformat(), cash="2")
    assert answer.status_code == 409
    assert answer.json()["reason"] == "older"
    assert services.latest("U1000001").cash == 1


def test_a_time_that_is_the_same_elsewhere_is_the_same(alice):
    now = timezone.now().replace(microsecond=0)
    deliver(as_of=now.isoformat(), cash="1")
    tokyo = (now + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%S+09:00")
    assert deliver(as_of=tokyo, cash="2").status_code == 200
    assert services.latest("U1000001").cash == 2


def test_each_account_has_its_own(alice, bob):
    account("U1000009", alice, equity=0)
    deliver(cash="1")
    deliver(account="U1000009", cash="9")
    assert services.latest("U1000001").cash == 1
    assert services.latest("U1000009").cash == 9
    assert services.latest("U1000002") is None


def test_an_account_that_is_none_is_a_404():
    assert deliver(account="U7777777").status_code == 404
    assert not Snapshot.objects.exists()


def test_at_rest_it_is_sealed_and_bound_to_its_account_and_time(alice, bob):
    deliver()
    row = Snapshot.objects.get()
    assert b"AAPL" not in bytes(row.sealed)
    assert b"120500" not in bytes(row.sealed)
    Snapshot.objects.update(as_of=row.as_of + timedelta(days=1))
    with pytest.raises(CannotOpen):
        services.latest("U1000001")


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("x" * 20, 401), (BOOKS + "x", 401), (PAYMENTS, 403)]
)
def test_only_the_books_deliver(alice, token, status):
    answer = deliver(token)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Snapshot.objects.exists()


def test_the_books_decide_nothing(alice):
    answer = Client().post(
        "/api/v1/decisions",
        json.dumps({"session": "0" * 12, "account": "U1000001", "action": "view"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {BOOKS}"},
    )
    assert (answer.status_code, answer.json()["reason"]) == (403, "scope")


POSITION = {"symbol": "AAPL", "quantity": "1", "value": "1", "currency": "USD"}


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "U1"},
        {"account": 1000001},
        {"as_of": 1764169200},
        {"as_of": "yesterday"},
        {"as_of": "2026-11-26T15:00:00"},
        {"as_of": "2026-11-26 15:00:00Z"},
        {"as_of": None},
        {"currency": "usd"},
        {"currency": "US"},
        {"cash": 1.5},
        {"cash": 1},
        {"cash": "1e9"},
        {"cash": "NaN"},
        {"cash": "Infinity"},
        {"cash": "１"},
        {"cash": "1_000"},
        {"cash": "01"},
        {"cash": ""},
        {"cash": "1" * 16},
        {"cash": "0.000000001"},
        {"cash": "1\n"},
        {"margin_used": "-1"},
        {"positions": {}},
        {"positions": None},
        {"positions": [POSITION | {"symbol": " A"}]},
        {"positions": [POSITION | {"symbol": "A\nB"}]},
        {"positions": [POSITION | {"symbol": "A" * 41}]},
        {"positions": [POSITION | {"quantity": True}]},
        {"positions": [POSITION | {"more": 1}]},
        {"positions": [POSITION | {"symbol": f"S{n}"} for n in range(2001)]},
        {"more": 1},
    ],
)
def test_what_is_malformed_is_not_kept(alice, changed):
    answer = deliver(**changed)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"as_of": "2026-02-30T15:00:00Z"}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+23:59"}, "as_of"),
        ({"as_of": "2026-01-01T15:00:00+99:99"}, "as_of"),
        ({"as_of": "9999-01-01T00:00:00Z"}, "future"),
        ({"positions": [POSITION, POSITION]}, "symbol"),
    ],
)
def test_what_cannot_be_is_not_kept(alice, changed, reason):
    answer = deliver(**changed)
    assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert answer.json()["type"].endswith("/problems/unsound")
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        (b'{"account": "U1000001", "account": "U1000002"}', "application/json", 400),
        (json.dumps(body()).replace('"80000"', "NaN"), "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'"' + b'\\"' * 200_000, "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff", "application/json", 400),
        (json.dumps(body()), "text/plain", 415),
        (b" " * (512 * 1024 + 1), "application/json", 400),
    ],
)
def test_a_body_that_is_none_is_not_kept(alice, text, kind, status):
    assert send(text, kind=kind).status_code == status
    assert not Snapshot.objects.exists()


def test_two_thousand_positions_fit(alice):
    many = [POSITION | {"symbol": f"{n:040}", "quantity": "9" * 15} for n in range(2000)]
    assert deliver(positions=many).status_code == 200
    assert len(services.latest("U1000001").positions) == 2000


def test_another_path_takes_no_larger_body_for_it(client):
    answer = client.post("/api/v1/leaks", b" " * (64 * 1024 + 1), content_type="application/json")
    assert answer.status_code == 400


def test_reading_them_is_one_query(alice, counted_queries):
    deliver()
    services.latest("U1000001")
    with counted_queries(1):
        services.latest("U1000001")


@pytest.mark.django_db(transaction=True)
def test_of_deliveries_at_once_the_newest_stays(alice):
    now = timezone.now().replace(microsecond=0)

    def one(age: int) -> int:
        try:
            at = (now - timedelta(seconds=age)).isoformat()
            return deliver(as_of=at, cash=str(age)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, [3, 0, 2, 1, 5, 4]))
    assert set(found) <= {200, 409}
    assert services.latest("U1000001").cash == 0


def test_a_time_of_another_zone_opens_again(alice):
    tokyo = ZoneInfo("Asia/Tokyo")
    found = Figures(timezone.now().astimezone(tokyo), "USD", Decimal(1), Decimal(1), Decimal(0), {})
    assert services.deliver(number="U1000001", figures=found, system="books") is None
    assert services.latest("U1000001").cash == 1
