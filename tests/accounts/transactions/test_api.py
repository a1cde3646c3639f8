"""What systems of the brokerage flag, whom that asks, and what they learn of it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import Role
from accounts.client_accounts.services import grant
from accounts.holds.models import Hold, Why
from accounts.outbox.models import Channel, Message
from accounts.sessions.closing import close
from accounts.transactions import rules, services
from accounts.transactions.models import Transaction
from accounts.users.models import User
from tests.accounts.transactions.conftest import DESK, HERE, flagged
from tests.attacks.tools import at_once
from tests.cast import account, person
from tests.pdfs import service
from tests.programs import issue
from tests.waiting import apart, until_somebody_waits

WATCH, OTHER = "token-of-the-watch-of-the-test", "token-of-another-watch-of-the-test"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _systems(settings) -> None:
    settings.SERVICE_TOKENS = [
        service("watch", WATCH, ":transactions"),
        service("elsewhere", OTHER, ":events+transactions"),
    ]


def body(**changed: Any) -> dict[str, Any]:
    return {
        "id": "fraud-77",
        "account": "U1000001",
        "kind": "withdrawal",
        "what": "Bank of Nowhere, account ending 4471",
        "amount": "25000.50",
        "currency": "USD",
        "at": (timezone.now() - timedelta(minutes=5)).isoformat(timespec="microseconds"),
    } | changed


def send(
    sent: dict[str, Any] | str, token: str = WATCH, kind: str = "application/json"
) -> HttpResponse:
    return Client(raise_request_exception=False).post(
        "/api/v1/transactions",
        sent if isinstance(sent, str) else json.dumps(sent),
        content_type=kind,
        headers={"Authorization": f"Bearer {token}"},
    )


def told(key: str = "fraud-77", token: str = WATCH) -> HttpResponse:
    return Client(raise_request_exception=False).get(
        f"/api/v1/transactions/{key}", headers={"Authorization": f"Bearer {token}"}
    )


def shut(user: User) -> None:
    with transaction.atomic():
        close(user=audit.lock(user.pk), reason="Left us", actor="operator", origin=DESK)


def assert_nothing(status: int, answer: HttpResponse, reason: str = "") -> None:
    """It is a problem, and nobody was asked."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json().get("reason", "") == reason
    assert not Transaction.objects.exists()
    assert not Hold.objects.exists()
    assert not Entry.objects.filter(event=Event.TRANSACTION_FLAGGED).exists()
    assert not Message.objects.filter(name="transaction_flagged").exists()


def test_the_owner_is_asked_and_withdrawals_wait(alice):
    sent = body()
    answer = send(sent)
    assert answer.status_code == 201, answer.content
    made = Transaction.objects.get()
    assert answer.json() == {
        "id": "fraud-77",
        "reference": made.shown,
        "account": "U1000001",
        "state": "waiting",
        "held": True,
        "until": made.expires_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "answered_at": None,
    }
    assert (made.user, made.system, made.external) == (alice, "watch", "fraud-77")
    assert (str(made.amount), made.at.isoformat(timespec="microseconds")) == (
        "25000.50",
        sent["at"],
    )
    assert Hold.objects.get().why == Why.TRANSACTION
    entry = Entry.objects.get(event=Event.TRANSACTION_FLAGGED)
    assert (entry.actor, entry.origin["platform"]) == ("system", "brokerage")
    assert entry.origin["agent"] == "watch"
    channels = Message.objects.filter(name="transaction_flagged").values_list("channel", flat=True)
    assert set(channels) == {"email", "sms"}
    assert audit.verify(alice) is None


def test_the_same_again_asks_once_and_is_answered_alike(alice):
    sent = body()
    first = send(sent)
    assert send(sent | {"owner": "alice"}).json() == send(sent).json() == first.json()
    assert Transaction.objects.count() == Hold.objects.count() == 1
    assert Entry.objects.filter(event=Event.TRANSACTION_FLAGGED).count() == 1
    assert Message.objects.filter(name="transaction_flagged", channel="email").count() == 1


def test_it_is_the_same_however_it_is_written(alice):
    at = timezone.now().replace(microsecond=0)
    send(body(at=at.isoformat(), amount="25000"))
    tokyo = (at + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%S+09:00")
    assert send(body(at=tokyo, amount="25000.00")).status_code == 201
    assert Transaction.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "25000.51"},
        {"currency": "EUR"},
        {"kind": "order"},
        {"what": "Bank of Somewhere"},
        {"at": "2026-01-05T09:30:00Z"},
        {"account": "U1000002"},
        {"account": "U1000009"},
        {"owner": "bob"},
    ],
)
def test_an_id_stands_for_one_transaction(alice, bob, changed):
    account("U1000009", alice, equity=0)
    sent = body()
    send(sent)
    answer = send(sent | changed)
    assert (answer.status_code, answer.json()["reason"]) == (409, "other")
    assert Transaction.objects.get().user == alice
    assert Hold.objects.count() == 1


def test_ids_of_two_systems_are_two(alice):
    sent = body()
    send(sent)
    assert told(token=OTHER).status_code == 404
    assert send(sent | {"amount": "7"}, OTHER).status_code == 201
    assert Transaction.objects.count() == 2
    # Nor is one that an operator flagged anybody's.
    flagged(alice, external="by-hand")
    assert told("by-hand").status_code == 404


def test_the_system_learns_what_became_of_it(alice, bob, sam, clock):
    account("U1000009", alice, equity=0)
    for key in ("yes", "no", "late", "staff"):
        assert send(body(id=key)).status_code == 201
    made = {one.external: one for one in Transaction.objects.all()}
    assert services.confirm(made=made["yes"], origin=HERE)
    assert services.refuse(made=made["no"], origin=HERE)
    assert services.release(made=made["staff"], staff=sam, origin=DESK, reason="They called us")
    clock.shift(24 * 3600 + 1)
    found = {key: told(key).json() for key in made}
    assert {key: (one["state"], one["held"]) for key, one in found.items()} == {
        "yes": ("mine", False),
        "no": ("not_mine", True),
        "late": ("unanswered", True),
        "staff": ("released", False),
    }
    assert found["late"]["answered_at"] is None
    assert found["no"]["answered_at"]


def test_what_was_answered_is_told_to_whoever_asks_again(alice):
    sent = body()
    send(sent)
    services.confirm(made=Transaction.objects.get(), origin=HERE)
    shut(alice)
    answer = send(sent)
    assert (answer.status_code, answer.json()["state"]) == (201, "mine")
    assert Hold.objects.get().lifted_at is not None


def test_of_several_owners_one_is_named(alice, bob):
    grant(account=alice.memberships.get().account, user=bob, role=Role.OWNER)
    assert_nothing(409, send(body()), "owner")
    assert send(body(owner="bob")).status_code == 201
    assert Transaction.objects.get().user == bob
    assert not Hold.objects.filter(user=alice).exists()


@pytest.mark.parametrize("owner", ["tina", "bob", "nobody", "sam"])
def test_only_an_owner_is_asked(alice, bob, sam, owner):
    there = alice.memberships.get().account
    grant(account=there, user=person("tina"), role=Role.TRADER)
    grant(account=there, user=sam, role=Role.OWNER)
    assert_nothing(409, send(body(owner=owner)), "owner")


def test_whoever_cannot_answer_is_not_asked(alice, bob):
    shut(alice)
    assert_nothing(409, send(body()), "closed")
    grant(account=alice.memberships.get().account, user=bob, role=Role.OWNER)
    assert_nothing(409, send(body(owner="alice")), "closed")
    # The one who can is the one who is meant.
    assert send(body()).status_code == 201
    assert Transaction.objects.get().user == bob


def test_an_account_that_is_none_is_a_404(alice):
    assert_nothing(404, send(body(account="U7777777")))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"what": "\u202e"}, "what"),
        ({"at": "2026-02-30T00:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at"),
        ({"at": "1999-12-31T23:59:59Z"}, "late"),
        ({"at": "2999-01-01T00:00:00Z"}, "future"),
    ],
)
def test_what_cannot_be_asks_nobody(alice, changed, reason):
    assert_nothing(422, send(body(**changed)), reason)


@pytest.mark.parametrize(
    "changed",
    [
        *({"id": one} for one in ("", "a b", "x" * 65, 7, None, "a/b", "ä")),
        *({"account": one} for one in ("1000001", "u1000001", 1, None)),
        *({"owner": one} for one in ("", "A", "alice ", "a" * 33, 1)),
        *({"kind": one} for one in ("gift", "", None)),
        *({"what": one} for one in ("", " x", "a\nb", "x" * 121, 1, None)),
        *({"amount": one} for one in ("0", "-1", "1e9", "NaN", "1.001", "01", 5, None, "1" * 13)),
        *({"currency": one} for one in ("usd", "US", "USDT", 1, None)),
        *({"at": one} for one in ("now", 1, None, "2026-11-26T09:00:00", "2026-11-26")),
        {"more": 1},
        {"user": "alice"},
    ],
)
def test_what_is_malformed_asks_nobody(alice, changed):
    assert_nothing(400, send(body() | changed))


@pytest.mark.parametrize("name", ["id", "account", "kind", "what", "amount", "currency", "at"])
def test_everything_but_the_owner_is_said(alice, name):
    sent = body()
    del sent[name]
    assert_nothing(400, send(sent))


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ('{"id": "1", "id": "2"}', "application/json", 400),
        ("[]", "application/json", 400),
        ("", "application/json", 400),
        (json.dumps(body()), "text/plain", 415),
        (json.dumps(body(what="x" * 70_000)), "application/json", 400),
        (json.dumps(body()) + " " * 70_000, "application/json", 400),
    ],
)
def test_a_body_that_is_none_asks_nobody(alice, text, kind, status):
    assert_nothing(status, send(text, kind=kind))


@pytest.mark.parametrize("token", ["", "x", WATCH + "x", WATCH.upper()])
def test_only_a_system_asks(alice, token):
    assert_nothing(401, send(body(), token))
    assert told(token=token).status_code == 401


def test_a_system_that_is_there_for_something_else_asks_nobody(alice, settings):
    for scopes in ("", ":figures", ":decisions+documents+events"):
        settings.SERVICE_TOKENS = [service("watch", WATCH, scopes)]
        assert_nothing(403, send(body()), "scope")
        assert told().status_code == 403
    assert_nothing(401, send(body(), issue(alice).text))


@pytest.mark.parametrize("key", ["fraud-78", "FRAUD-77", "x" * 65, "a%20b", "%00", "'"])
def test_what_was_not_flagged_is_not_told(alice, key):
    send(body())
    answer = told(key)
    assert answer.status_code in (400, 404)
    assert answer["Content-Type"] == "application/problem+json"


def test_what_it_is_for_stands_in_no_answer(alice):
    send(body(what="Card 4111 1111 1111 1111"))
    assert "1111" not in told().content.decode()
    assert Transaction.objects.get().what == "Card …1111"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Sent by many at the same instant."""

    def test_of_twenty_times_the_same_one_asks(self, alice):
        sent = body()
        got = at_once(20, lambda _: send(sent))
        assert {one.status_code for one in got} == {201}
        assert len({one.content for one in got}) == 1
        assert Transaction.objects.count() == Hold.objects.count() == 1
        assert Message.objects.filter(name="transaction_flagged", channel="email").count() == 1
        assert audit.verify(alice) is None

    def test_of_an_id_for_two_clients_one_asks(self, alice, bob):
        sent = [body(), body(account="U1000002")]
        got = at_once(12, lambda number: send(sent[number % 2]))
        assert {one.status_code for one in got} == {201, 409}
        assert Transaction.objects.count() == Hold.objects.count() == 1
        assert Entry.objects.filter(event=Event.TRANSACTION_FLAGGED).count() == 1
        for user in (alice, bob):
            assert audit.verify(user) is None


def test_a_system_that_lost_its_ids_floods_nobody(alice):
    first = body(id="first")
    assert send(first).status_code == 201
    for place in range(rules.MOST_OPEN - 1):
        assert send(body(id=f"lost-{place}")).status_code == 201
    refused = send(body(id="lost-again"))
    assert (refused.status_code, refused.json()["reason"]) == (409, "many")
    assert send(first).status_code == 201
    assert Transaction.objects.count() == Hold.objects.count() == rules.MOST_OPEN
    texts = Message.objects.filter(name="transaction_flagged", channel=Channel.SMS)
    assert texts.count() == 1
    # Staff hold what a system may not.
    flagged(alice)
    assert Transaction.objects.count() == rules.MOST_OPEN + 1


@pytest.mark.parametrize("what", ["\u200b", "\ufeff", "\u2060 \u00ad"])
def test_nothing_that_can_be_seen_asks_nobody(alice, what):
    answer = send(body(what=what))
    assert answer.status_code in (400, 422)
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("key", [".", ".."])
def test_an_id_that_no_address_can_hold_is_refused(alice, key):
    assert_nothing(400, send(body(id=key)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "reason"), [({"role": Role.TRADER}, "owner"), ({"is_active": False}, "closed")]
)
def test_an_owner_who_went_meanwhile_is_not_asked(alice, change, reason):
    """What was read before the lock may be over when it is had."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            audit.lock(alice.pk)
            waiting = pool.submit(apart, lambda: send(body()))
            until_somebody_waits()
            if "role" in change:
                alice.memberships.update(**change)
            else:
                User.objects.filter(pk=alice.pk).update(**change)
        assert_nothing(409, waiting.result(), reason)


def test_what_was_not_answered_in_time_keeps_no_text_message_back(alice):
    texts = Message.objects.filter(name="transaction_flagged", channel=Channel.SMS)
    assert send(body(id="old")).status_code == 201
    assert send(body(id="beside")).status_code == 201
    assert texts.count() == 1
    Transaction.objects.update(expires_at=timezone.now())
    assert send(body(id="new")).status_code == 201
    assert texts.count() == 2
    flagged(alice)  # by staff: always
    assert texts.count() == 3
