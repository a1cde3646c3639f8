"""Documents as the brokerage delivers them, and what is refused."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import Role
from accounts.client_accounts.services import grant
from accounts.documents.models import Document, Piece
from accounts.outbox.models import Message
from tests.accounts.documents.conftest import PAYMENTS
from tests.pdfs import BOOKS, PATH, deliver, pdf, sent

pytestmark = pytest.mark.django_db


def send(text: str | bytes, kind: str = "application/json") -> HttpResponse:
    headers = {"Authorization": f"Bearer {BOOKS}"}
    client = Client(raise_request_exception=False)
    return client.post(PATH, text, content_type=kind, headers=headers)


def test_what_is_delivered_is_kept_sealed(alice):
    content = pdf("Cash 120,500.25")
    answer = deliver(content)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    row = Document.objects.get()
    assert told == {
        "id": str(row.pk),
        "account": "U1000001",
        "kind": "daily",
        "period": "2024-11-25",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "new": True,
    }
    assert row.system == "books"
    at_rest = b"".join(bytes(one.sealed) for one in Piece.objects.all()) + bytes(row.key)
    assert b"%PDF" not in at_rest
    assert b"120,500" not in at_rest


def test_the_same_document_is_one(alice):
    first, again = deliver(), deliver()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() | {"new": False}
    assert Document.objects.count() == 1
    assert Entry.objects.filter(event=Event.DOCUMENT_DELIVERED).count() == 1


def test_another_content_or_period_is_another_document(alice):
    deliver()
    deliver(pdf("corrected"))
    deliver(period="2024-11-24")
    assert Document.objects.count() == 3


def test_the_same_key_gives_the_same_answer(alice):
    first, again = deliver(key="k1"), deliver(key="k1")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert deliver(pdf("other"), key="k1").status_code == 422
    assert Document.objects.count() == 1


def test_a_key_opens_nothing_to_whoever_has_no_token(alice):
    deliver(key="k1")
    assert deliver(key="k1", token="x" * 20).status_code == 401
    assert deliver(key="k1", token=PAYMENTS).status_code == 403


def test_what_was_refused_may_be_sent_again_with_its_key(alice):
    assert deliver(key="k2", account="U7777777").status_code == 404
    assert deliver(key="k2").status_code == 201


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("x" * 20, 401), (BOOKS + "x", 401), (PAYMENTS, 403)]
)
def test_only_the_books_deliver(alice, token, status):
    answer = deliver(token=token)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Document.objects.exists()


def test_an_account_that_is_none_is_a_404():
    assert deliver(account="U7777777").status_code == 404


def test_the_owners_hear_that_there_is_one_and_nothing_of_it(alice, carol, bob):
    for one in (carol, bob):
        Message.objects.filter(user=one).delete()
    deliver(title="Margin call and liquidation")
    deliver(pdf("another"))
    [message] = Message.objects.filter(name="document_delivered")
    assert message.user == alice
    body = json.dumps(message.content())
    assert "Margin call" not in body
    assert "U1000001" not in body
    entries = Entry.objects.filter(event=Event.DOCUMENT_DELIVERED)
    assert {one.user for one in entries} == {alice}
    assert entries[0].actor == "system"
    assert entries[0].detail["sha256"] == sent()["sha256"]
    assert entries[0].origin["platform"] == "brokerage"


def test_each_owner_hears(alice, bob):
    account = Document._meta.get_field("account").related_model.objects.get(number="U1000001")
    grant(account=account, user=bob, role=Role.OWNER)
    deliver()
    heard = Entry.objects.filter(event=Event.DOCUMENT_DELIVERED).values_list("user", flat=True)
    assert set(heard) == {alice.pk, bob.pk}


@pytest.mark.parametrize(
    "changed",
    [
        {"account": "U1"},
        {"account": 1000001},
        {"kind": "weekly"},
        {"kind": ""},
        {"period": "25.11.2026"},
        {"period": 2026},
        {"title": ""},
        {"title": " "},
        {"title": "a\nb"},
        {"title": "x" * 121},
        {"title": None},
        {"sha256": "0" * 63},
        {"sha256": "G" * 64},
        {"sha256": sent()["sha256"].upper()},
        {"content": ""},
        {"content": "%PDF"},
        {"content": sent()["content"] + "\n"},
        {"content": sent()["content"][:-1]},
        {"content": " " + sent()["content"]},
        {"content": ["a"]},
        {"content": 1.5},
        {"more": 1},
    ],
)
def test_what_is_malformed_is_not_kept(alice, changed):
    answer = deliver(**changed)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Document.objects.exists()


def hashed(content: bytes) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    return {"content": encoded, "sha256": hashlib.sha256(content).hexdigest()}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sha256": "0" * 64}, "sha256"),
        (hashed(b"GIF89a" + pdf()), "pdf"),
        (hashed(b"<html>" * 300), "pdf"),
        (hashed(pdf() + b"\x00" * 2000), "pdf"),
        ({"period": "2024-02-30"}, "period"),
        ({"period": "2026"}, "period"),
        ({"kind": "annual"}, "period"),
        ({"title": "\u202e"}, "title"),
    ],
)
def test_what_cannot_be_is_not_kept(alice, changed, reason):
    answer = deliver(**changed)
    assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert not Document.objects.exists()


def test_a_title_turns_no_text_around_it(alice):
    deliver(title="Statement \u202efdp.exe")
    assert Document.objects.get().title == "Statement fdp.exe"


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        (json.dumps(sent())[:-1] + ', "account": "U1000002"}', "application/json", 400),
        (json.dumps(sent()).replace('"U1000001"', "NaN"), "application/json", 400),
        (b"[" * 1_000_000, "application/json", 400),
        (b'{"content": "' + b'\\"' * 4_000_000, "application/json", 400),
        (b'{"a":' + b"[]," * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (json.dumps(sent()), "text/plain", 415),
        (pdf(), "application/pdf", 415),
    ],
)
def test_a_body_that_is_none_is_not_kept(alice, text, kind, status):
    assert send(text, kind).status_code == status
    assert not Document.objects.exists()


def test_the_largest_fits_and_one_byte_more_does_not(alice):
    largest = pdf(size=configured.DOCUMENT_MAX)
    assert len(largest) == configured.DOCUMENT_MAX
    answer = deliver(largest)
    assert answer.status_code == 201, answer.content
    assert Piece.objects.count() == configured.DOCUMENT_MAX // (256 * 1024)
    assert deliver(largest[:9] + b"\n" + largest[9:]).status_code in (400, 413)
    assert Document.objects.count() == 1


def test_far_more_is_refused_unread(alice):
    answer = send(b" " * (configured.BODIES_MAX[PATH] + 1))
    assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
def test_the_same_document_at_once_is_one(alice):
    def one(_number: int) -> int:
        try:
            return deliver().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(4))) == {201}
    assert Document.objects.count() == 1
    assert Entry.objects.filter(event=Event.DOCUMENT_DELIVERED).count() == 1
