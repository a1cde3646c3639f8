"""A document that went to the wrong account is taken back."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount, Role
from accounts.client_accounts.services import grant
from accounts.documents import services, views
from accounts.documents.models import Document, Opening, Piece
from accounts.documents.rules import Span
from accounts.documents.withdrawing import withdraw
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from tests.accounts.documents.conftest import PAYMENTS
from tests.pdfs import BOOKS, PATH, deliver, pdf, sent

pytestmark = pytest.mark.django_db
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def path(alice) -> str:
    """A document of Alice's account."""
    answer = deliver(pdf("The account of somebody else"), title="For Mr Wrong")
    return f"/statements/{answer.json()['id']}/"


def take_back(path: str, *, token: str = BOOKS) -> HttpResponse:
    client = Client(raise_request_exception=False)
    document = path.strip("/").rpartition("/")[2]
    return client.delete(f"{PATH}/{document}", headers={"Authorization": f"Bearer {token}"})


def test_the_bytes_are_gone_and_the_row_stays(path):
    answer = take_back(path)
    assert answer.status_code == 200, answer.content
    row = Document.objects.get()
    assert answer.json()["account"] == "U1000001"
    assert answer.json()["opened_by"] == []
    assert row.withdrawn_at is not None
    assert row.key is None
    assert not Piece.objects.exists()
    assert row.sha256 == sent(pdf("The account of somebody else"))["sha256"]


def test_nobody_opens_it_and_its_page_says_no_more_than_that(client, alice, path, sign_in):
    client = sign_in(client, alice)
    b"".join(client.get(path).streaming_content)
    take_back(path)
    for asked in ({}, {"Range": "bytes=0-1"}):
        assert client.get(path, headers=asked).status_code == 404
    assert client.get(f"/statements/wrong/?about={path[12:48]}").status_code == 404
    page = client.get("/statements/").content.decode()
    assert "Document withdrawn" in page
    assert "25 Nov 2024" in page
    for told in (path, "Mr Wrong", Document.objects.get().sha256, "Last opened"):
        assert told not in page


def test_it_stays_on_record_who_had_seen_it(alice, carol, bob, path, sign_in):
    for one in (carol, alice):
        b"".join(sign_in(Client(), one).get(path).streaming_content)
    grant(account=ClientAccount.objects.get(number="U1000001"), user=bob, role=Role.OWNER)
    answer = take_back(path)
    assert answer.json()["opened_by"] == ["alice", "carol"]
    entries = Entry.objects.filter(event=Event.DOCUMENT_WITHDRAWN)
    assert {one.user for one in entries} == {alice, bob}
    for one in entries:
        assert (one.actor, one.origin["agent"]) == ("system", "books")
        assert one.detail["opened_by"] == ["alice", "carol"]
        assert one.detail["sha256"] == Document.objects.get().sha256
    assert Opening.objects.count() == 2
    assert Entry.objects.filter(event=Event.DOCUMENT_OPENED).count() == 2
    message = Message.objects.get(name="document_withdrawn", user=alice)
    assert "Mr Wrong" not in json.dumps(message.content())


def test_the_second_time_changes_nothing(path):
    first, again = take_back(path), take_back(path)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Entry.objects.filter(event=Event.DOCUMENT_WITHDRAWN).count() == 1


def test_it_may_be_delivered_anew(path, client, alice, sign_in):
    take_back(path)
    answer = deliver(pdf("The account of somebody else"))
    assert (answer.status_code, answer.json()["new"]) == (201, True)
    assert Document.objects.count() == 2
    assert sign_in(client, alice).get(f"/statements/{answer.json()['id']}/").status_code == 200


@pytest.mark.parametrize(("token", "status"), [("", 401), ("x" * 20, 401), (PAYMENTS, 403)])
def test_only_the_books_take_back(path, token, status):
    assert take_back(path, token=token).status_code == status
    assert Document.objects.get().withdrawn_at is None
    assert Piece.objects.exists()


@pytest.mark.parametrize(("document", "status"), [(NEVER, 404), ("1", 400), ("%2e%2e", 400)])
def test_what_is_none_is_refused(document, status, path):
    answer = take_back(f"/statements/{document}/")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert Piece.objects.exists()


def test_a_download_that_it_overtakes_is_not_found(alice, path, monkeypatch):
    """Written down as opened a moment before the bytes were deleted."""
    was = services.opened

    def overtaken(**asked):
        found = was(**asked)
        withdraw(pk=found.pk, origin=SYSTEM)
        return found

    monkeypatch.setattr(views.services, "opened", overtaken)
    request = RequestFactory().get(path)
    request.user, request.origin = alice, SYSTEM
    with pytest.raises(Http404):
        views.document(request, document=Document.objects.get().pk)


@pytest.mark.django_db(transaction=True)
def test_whoever_opens_it_at_the_same_moment_is_named_or_sees_nothing(alice, carol, path):
    pk = Document.objects.get().pk

    def opens(user_id: int) -> bool:
        try:
            found = services.opened(user_id=user_id, pk=pk, origin=SYSTEM, span=Span(0, 9))
            return found is not None
        finally:
            connection.close()

    def takes(_none: int) -> list[str]:
        try:
            return withdraw(pk=pk, origin=SYSTEM).opened_by
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        first, second = pool.submit(opens, alice.pk), pool.submit(opens, carol.pk)
        named = pool.submit(takes, 0)
        saw = [name for name, one in (("alice", first), ("carol", second)) if one.result()]
        assert named.result() == saw


@pytest.mark.parametrize(
    ("kind", "period"), [("daily", "2999-01-01"), ("monthly", "2999-01"), ("annual", "2999")]
)
def test_a_period_that_has_not_ended_is_not_delivered(alice, kind, period):
    answer = deliver(kind=kind, period=period)
    assert (answer.status_code, answer.json()["reason"]) == (422, "to_come")
    assert answer.json()["detail"] == "That period has not ended."
    assert not Document.objects.exists()


def test_the_month_and_the_year_that_still_run_have_not_ended(alice, clock):
    clock.move_to("2026-11-26T12:00:00Z")
    for kind, period, status in (
        ("daily", "2026-11-27", 201),
        ("daily", "2026-11-28", 422),
        ("monthly", "2026-11", 422),
        ("monthly", "2026-10", 201),
        ("tax", "2026", 422),
    ):
        assert deliver(kind=kind, period=period).status_code == status, period
