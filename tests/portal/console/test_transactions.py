"""Flagged transactions at the desk: entered, seen, released on the word of a proven client."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.services import grant
from accounts.holds.models import Hold
from accounts.origin import SYSTEM
from accounts.transactions import services
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from accounts.users.models import User
from tests.accounts.callers.conftest import opened
from tests.accounts.transactions.conftest import flagged
from tests.cast import member_of_staff
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db
REASON = {"reason": "They called: it is theirs", "ticket": "SUP-4711"}
NEW = "/console/clients/alice/transactions/new/"


def fields(**changes: str) -> dict[str, str]:
    at = timezone.localtime(timezone.now() - timedelta(hours=1))
    return {
        "kind": "withdrawal",
        "account": "U1000001",
        "amount": "25000.50",
        "currency": "USD",
        "what": "Bank of Nowhere",
        "at": f"{at:%Y-%m-%d %H:%M}",
    } | changes


def path(made: Transaction, then: str = "") -> str:
    return f"/console/transactions/{made.reference}/{then}"


def test_an_agent_enters_one_and_sees_the_answer(agent, alice, sam):
    assert "U1000001" in agent.get(NEW).content.decode()
    posted = agent.post(NEW, fields())
    made = Transaction.objects.get()
    assert posted["Location"] == path(made)
    assert (made.user, made.staff, str(made.amount)) == (alice, sam, "25000.50")
    assert "Waiting for the client" in agent.get(path(made)).content.decode()
    services.refuse(made=made, origin=SYSTEM)
    page = agent.get(path(made)).content.decode()
    assert "Client: not mine" in page
    assert made.case.shown in page
    assert "Client: not mine" in agent.get("/console/transactions/").content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", ""),
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "1e3x"),
        ("amount", "0.001"),
        ("amount", "NaN"),
        ("account", "U1000002"),
        ("account", ""),
        ("currency", "XXX"),
        ("kind", "gift"),
        ("what", ""),
        ("what", "\u202e"),
        ("what", "x" * 121),
        ("at", "yesterday"),
        ("at", "2999-01-01 10:00"),
        ("at", "0001-01-01 10:00"),
        ("at", "2024-01-01 10:00"),
        ("at", ""),
    ],
)
def test_what_says_nothing_is_not_taken(agent, alice, bob, name, value):
    page = agent.post(NEW, fields(**{name: value}))
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not Transaction.objects.exists()
    assert not Hold.objects.exists()


@pytest.fixture
def hers(alice) -> Transaction:
    return flagged(alice, external="fraud-77")


def test_whoever_flagged_it_is_named(agent, alice, hers):
    assert "From the system that watches, as <bdi>fraud-77</bdi>" in text(agent, hers)
    of_watch = flagged(alice, external="w-1", system="watch")
    assert "From the system <bdi>watch</bdi>, as <bdi>w-1</bdi>" in text(agent, of_watch)


def text(agent: Client, made: Transaction) -> str:
    return agent.get(path(made)).content.decode()


def proven(alice, sam) -> Talk:
    talk = opened(alice, sam)
    Talk.objects.filter(pk=talk.pk).update(proof=Proof.PASSED)
    return talk


def test_it_is_released_for_a_client_who_has_proven_to_the_reader(agent, alice, sam, hers):
    proven(alice, sam)
    assert "fraud-77" in agent.get(path(hers)).content.decode()
    agent.post(path(hers, "release/"), REASON)
    hers.refresh_from_db()
    assert (hers.state, hers.reason) == (State.RELEASED, REASON["reason"])
    entry = Entry.objects.get(event=Event.TRANSACTION_RELEASED)
    assert (entry.detail["reason"], entry.detail["ticket"]) == tuple(REASON.values())
    assert REASON["reason"] in agent.get(path(hers)).content.decode()


@pytest.mark.parametrize("how", ["nobody", "colleague", "other client", "asked", "over"])
def test_it_is_not_released_without_that(agent, alice, bob, sam, hers, how):
    if how == "colleague":
        proven(alice, member_of_staff("karl", "+14155550120", "support_agent"))
    elif how == "other client":
        proven(bob, sam)
    elif how == "asked":
        Talk.objects.filter(pk=opened(alice, sam).pk).update(proof=Proof.ASKED)
    elif how == "over":
        Talk.objects.filter(pk=proven(alice, sam).pk).update(ended_at=timezone.now())
    page = agent.post(path(hers, "release/"), REASON).content.decode()
    assert "has not proven to you who they are" in page
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    assert Hold.objects.get(user=alice).lifted_at is None


def test_nobody_enters_or_releases_their_own(agent, alice, sam, hers):
    proven(alice, sam)
    User.objects.filter(pk__in=[alice.pk, sam.pk]).update(person="P-1")
    for url, told in ((path(hers, "release/"), REASON), (NEW, fields())):
        assert "This client is you" in agent.post(url, told).content.decode()
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    assert Transaction.objects.get() == hers


def test_what_the_client_refused_stays_held(agent, alice, sam, hers):
    proven(alice, sam)
    services.refuse(made=hers, origin=SYSTEM)
    assert "release/" not in agent.get(path(hers)).content.decode()
    agent.post(path(hers, "release/"), REASON)
    hers.refresh_from_db()
    assert hers.state is State.NOT_MINE


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("reason", " ", "the client reads it"),
        ("reason", "short", "the client reads it"),
        ("ticket", "", "the number of the ticket"),
        ("ticket", "none", "A ticket number looks like"),
    ],
)
def test_a_release_needs_a_reason_and_a_ticket(agent, alice, sam, hers, name, value, told):
    proven(alice, sam)
    page = agent.post(path(hers, "release/"), REASON | {name: value}).content.decode()
    assert told in page
    hers.refresh_from_db()
    assert hers.state is State.WAITING


@pytest.mark.parametrize("role", ["auditor", "card_logistics", ""])
def test_whoever_has_not_the_power_does_nothing(alice, hers, role):
    other = signed_in(member_of_staff("karl", "+14155550120", role))
    for url in ("/console/transactions/", NEW, path(hers)):
        assert other.get(url).status_code == 403
    for url in (NEW, path(hers, "release/")):
        assert other.post(url, fields(reason="x")).status_code == 403
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    assert Transaction.objects.count() == 1


def test_a_client_finds_none_of_it(client, alice, hers, sign_in):
    sign_in(client, alice)
    for url in ("/console/transactions/", NEW, path(hers)):
        assert client.get(url).status_code == 404
    assert client.post(path(hers, "release/"), {"reason": "x"}).status_code == 404


def test_nobody_of_staff_is_asked(agent: Client, tess):
    assert agent.get("/console/clients/tess/transactions/new/").status_code == 404


def test_what_was_typed_is_text(agent, alice):
    agent.post(NEW, fields(what="<img src=x onerror=alert(1)>"))
    made = Transaction.objects.get()
    for url in (path(made), "/console/transactions/"):
        page = agent.get(url).content.decode()
        assert "<img src" not in page
        assert "&lt;img src=x" in page


def test_why_another_owner_cannot_withdraw_stands_on_their_page(agent, alice, bob):
    grant(account=Membership.objects.get(user=alice).account, user=bob, role=Role.OWNER)
    flagged(alice, account="U1000001")
    said = "Until another user of U1000001 has answered"
    pages = [agent.get(f"/console/clients/{name}/").content.decode() for name in ("alice", "bob")]
    assert [said in page for page in pages] == [False, True]
