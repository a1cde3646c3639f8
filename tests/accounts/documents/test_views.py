"""Who sees a statement, what a browser gets of it, and what is recorded."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts import limits
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.client_accounts.people import remove
from accounts.client_accounts.services import grant
from accounts.documents.models import Document, Piece
from accounts.documents.rules import PIECE
from accounts.figures import services as figures
from accounts.figures.rules import Figures, Position
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.sessions.rules import INCIDENT
from tests.cast import SEED, account, begin, person
from tests.pdfs import deliver, pdf, sha256_of

pytestmark = pytest.mark.django_db
SIZE = 2 * PIECE + 1000
NEVER = "/statements/00000000-0000-4000-8000-000000000000/"


@pytest.fixture
def content() -> bytes:
    return pdf(size=SIZE)


@pytest.fixture
def path(alice, content) -> str:
    """A document of Alice's account, in three pieces."""
    answer = deliver(content)
    assert answer.status_code == 201, answer.content
    return f"/statements/{answer.json()['id']}/"


@pytest.fixture
def hers(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def openings() -> list[Entry]:
    return list(Entry.objects.filter(event=Event.DOCUMENT_OPENED).order_by("number"))


def test_the_identical_bytes_come_as_a_file_and_nothing_keeps_or_shows_them(hers, path, content):
    response = hers.get(path)
    assert response.status_code == 200
    assert body(response) == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(SIZE)
    assert response["ETag"] == f'"{sha256_of(content)}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Frame-Options"] == "DENY"
    disposition = response["Content-Disposition"]
    assert disposition.startswith('attachment; filename="daily-2024-11-25-U1000001.pdf"; ')
    spoken = "Daily%20statement%2C%2025%20Nov%202024%2C%20U1000001.pdf"
    assert disposition.endswith(f"filename*=UTF-8''{spoken}")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        (f"bytes={PIECE - 1}-{PIECE}", PIECE - 1, PIECE),
        (f"bytes={PIECE}-{2 * PIECE - 1}", PIECE, 2 * PIECE - 1),
        ("bytes=1000-", 1000, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        ("bytes=5-99999999", 5, SIZE - 1),
    ],
)
def test_one_range_is_that_range(hers, path, content, asked, first, last):
    response = hers.get(path, headers={"Range": asked})
    assert response.status_code == 206
    assert body(response) == content[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Cache-Control"] == "no-store"


def test_a_range_opens_only_the_pieces_that_it_touches(hers, path):
    Piece.objects.filter(number=0).update(sealed=b"broken")
    response = hers.get(path, headers={"Range": f"bytes={PIECE}-{PIECE + 5}"})
    assert len(body(response)) == 6


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0"])
def test_a_range_that_is_not_there_is_a_416_and_opens_nothing(hers, path, asked):
    response = hers.get(path, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert body(response) == b""
    assert openings() == []


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-1", "lines=0-1", "bytes=x"])
def test_what_is_no_single_range_is_answered_with_the_whole(hers, path, content, asked):
    response = hers.get(path, headers={"Range": asked})
    assert response.status_code == 200
    assert body(response) == content


def test_a_part_of_another_file_is_never_put_to_this_one(hers, path, content):
    other = {"Range": "bytes=0-1", "If-Range": '"x"'}
    assert hers.get(path, headers=other).status_code == 200
    same = {"Range": "bytes=0-1", "If-Range": f'"{sha256_of(content)}"'}
    assert hers.get(path, headers=same).status_code == 206
    assert hers.get(path, headers={"If-Match": '"x"'}).status_code == 412


def test_a_look_at_the_head_opens_nothing(hers, path):
    response = hers.head(path)
    assert (response.status_code, response["Content-Length"]) == (200, str(SIZE))
    assert openings() == []


def test_every_opening_is_recorded_with_the_hash(hers, alice, path, content):
    body(hers.get(path))
    body(hers.get(path))
    [first, _second] = openings()
    assert first.user == alice
    assert first.detail == {
        "account": "U1000001",
        "document": "daily",
        "period": "2024-11-25",
        "sha256": sha256_of(content),
        "size": SIZE,
    }
    assert first.origin["address"] == "127.0.0.1"
    page = hers.get("/statements/").content.decode()
    assert "Last opened by you" in page
    assert sha256_of(content) in page
    assert sha256_of(content) in hers.get("/activity/").content.decode()


def test_parts_that_follow_in_the_same_session_are_one_opening(hers, alice, path, clock, sign_in):
    body(hers.get(path))
    for start in (0, 100, 200):
        body(hers.get(path, headers={"Range": f"bytes={start}-{start + 99}"}))
    assert len(openings()) == 1
    clock.shift(61)
    body(sign_in(Client(), alice).get(path, headers={"Range": "bytes=5-9"}))
    assert len(openings()) == 2
    clock.shift(15 * 60)
    body(hers.get(path, headers={"Range": "bytes=5-9"}))
    assert len(openings()) in (2, 3)  # by now the first session may be idle
    assert openings()[-1].detail["range"] == "5-9"


def test_a_byte_on_record_is_no_leave_to_take_the_rest_unrecorded(hers, path):
    for asked in ("0-0", "0-0", "1-", "0-99", f"{PIECE}-"):
        body(hers.get(path, headers={"Range": f"bytes={asked}"}))
    # Whoever takes it in parts has it on record as a whole, once.
    assert [one.detail.get("range") for one in openings()] == ["0-0", None]


def test_what_was_altered_at_rest_is_not_given_out(hers, path):
    hers.raise_request_exception = False
    row = Piece.objects.get(number=0)
    Piece.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + b"\x00")
    assert hers.get(path).status_code == 500
    first, second = Piece.objects.get(number=1), Piece.objects.get(number=0)
    Piece.objects.filter(pk=second.pk).update(sealed=first.sealed)
    assert hers.get(path).status_code == 500


def test_a_document_moved_to_another_account_does_not_open(hers, path, bob):
    account("U1000009", Membership.objects.get(account__number="U1000001").user, equity=0)
    hers.raise_request_exception = False
    Document.objects.update(account=ClientAccount.objects.get(number="U1000009"))
    assert hers.get(path).status_code == 500


def answers(client: Client, path: str, **headers: str) -> tuple[Any, ...]:
    """Status, headers and page, without what is made anew for each answer and names the page."""
    response = client.get(path, headers=headers)
    text = body(response).decode().replace(path, "")
    text = re.sub(r'(nonce|value|token)="[^"]+"|[0-9a-f-]{36}|"X-CSRFToken": "[^"]+"', "", text)
    return response.status_code, sorted(response.headers), text


def test_a_client_of_another_account_gets_the_answer_of_one_that_never_was(
    path, bob, sign_in, counted_queries
):
    client = sign_in(Client(), bob)
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": f"bytes={SIZE}-"}, {"If-Match": '"x"'}):
        assert answers(client, path, **headers) == answers(client, NEVER, **headers)
        assert client.get(path, headers=headers).status_code == 404
    with counted_queries() as theirs:
        client.get(path)
    with counted_queries() as nobodys:
        client.get(NEVER)
    assert len(theirs) == len(nobodys)
    assert openings() == []
    assert Document.objects.get().period not in client.get("/statements/").content.decode()


def test_whoever_is_taken_off_the_account_sees_nothing_any_more(path, alice, carol, sign_in):
    client = sign_in(Client(), carol)
    assert client.get(path).status_code == 200
    remove(membership=Membership.objects.get(user=carol), by=alice.pk, origin=SYSTEM)
    client = sign_in(Client(), carol)
    assert client.get(path).status_code == 404
    assert client.get("/statements/balances/U1000001/").status_code == 404
    assert client.get("/statements/wrong/?about=U1000001").status_code == 404
    assert "U1000001" not in client.get("/statements/").content.decode()


def test_the_owner_sees_who_opened_and_a_trader_only_their_own(hers, path, carol, clock, sign_in):
    theirs = sign_in(Client(), carol)
    body(theirs.get(path))
    assert "Last opened by Carol" in hers.get("/statements/").content.decode()
    clock.shift(5)
    body(hers.get(path))
    assert "Last opened by you" in hers.get("/statements/").content.decode()
    page = theirs.get("/statements/").content.decode()
    assert "Last opened by you" in page
    assert "Alice" not in page


def test_without_a_sign_in_a_second_factor_or_after_a_freeze_nothing_is_there(
    hers, alice, path, client
):
    assert Client().get(path)["Location"].startswith("/login/")
    Session.objects.update(limited_to=INCIDENT)
    assert hers.get(path).status_code == 302
    assert hers.get("/statements/").status_code == 302
    Session.objects.update(limited_to="")
    assert hers.get(path).status_code == 200
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    assert hers.get(path)["Location"].startswith("/login/")
    assert len(openings()) == 1


def test_staff_have_no_statements(path, sam, client):
    url = begin(client, "sam")
    client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
    assert client.get(path).status_code in (302, 404)
    assert openings() == []


def many(number: int, *, of: str = "U1000001", kind: str = "daily") -> None:
    first = Document.objects.get()
    day = timezone.now().date()
    owner = ClientAccount.objects.get(number=of)
    Document.objects.bulk_create(
        Document(
            account=owner,
            kind=kind,
            period=(day - timedelta(days=n)).isoformat(),
            dated=day - timedelta(days=n),
            title=f"Number {n}",
            size=1,
            sha256=f"{n:064x}",
            key=first.key,
            received_at=timezone.now(),
            system="books",
        )
        for n in range(2, number + 2)
    )


def test_the_list_costs_the_same_however_many_there_are(hers, path, counted_queries):
    body(hers.get(path))
    hers.get("/statements/")
    with counted_queries() as few:
        hers.get("/statements/")
    many(600)
    with counted_queries(most=8) as found:
        hers.get("/statements/?kind=daily&year=2024")
    with counted_queries(most=8) as found:
        hers.get("/statements/")
    assert len(found) == len(few)


def test_a_page_follows_another_until_all_was_seen(hers, path):
    many(60)
    seen, url = [], "/statements/"
    while url:
        page = hers.get(url).content.decode()
        seen += re.findall(r'href="/statements/([0-9a-f-]{36})/"', page)
        more = re.search(r'href="(\?[^"]*)" rel="next"', page)
        url = "/statements/" + more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 61


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=tax", 1),
        ("?kind=daily", 1),
        ("?kind=nothing", 3),
        ("?year=2023", 1),
        ("?year=2024", 2),
        ("?year=0000", 3),
        ("?year=20266", 3),
        ("?year=1999", 0),
        ("?account=U1000001", 3),
        ("?account=U1000002", 0),
        ("?after=x", 3),
        ("?after=2024-11-25.x", 3),
        ("?kind=tax&year=2024", 0),
    ],
)
def test_what_is_filtered_is_what_is_shown(hers, path, bob, query, count):
    deliver(pdf("tax"), kind="tax", period="2023")
    deliver(pdf("month"), kind="monthly", period="2024-10")
    deliver(pdf("bob's"), account="U1000002")
    page = hers.get(f"/statements/{query}").content.decode()
    assert len(re.findall(r'href="/statements/[0-9a-f-]{36}/"', page)) == count


def keep(number: str = "U1000001", *, days: int = 0, most: int = 3) -> None:
    positions = {
        f"SYM{n:03}": Position(Decimal("-12.50"), Decimal("1234.5"), "EUR") for n in range(most)
    }
    refused = figures.deliver(
        number=number,
        figures=Figures(
            as_of=timezone.now() - timedelta(days=days),
            currency="USD",
            cash=Decimal("120500.25"),
            net_liquidation=Decimal("750000"),
            margin_used=Decimal(0),
            positions=positions,
        ),
        system="books",
    )
    assert refused is None


def test_balances_and_positions_are_shown_as_of_their_time(hers, path):
    assert "Nothing was delivered yet" in hers.get("/statements/").content.decode()
    keep()
    page = hers.get("/statements/").content.decode()
    assert "USD 750,000.00" in page
    assert "USD 120,500.25" in page
    assert timezone.now().strftime("%Y") in page
    page = hers.get("/statements/balances/U1000001/").content.decode()
    assert "SYM002" in page
    assert "-12.5<" in page
    assert "EUR 1,234.50" in page
    assert "old" not in page


def test_figures_that_are_old_say_so(hers, path):
    keep(days=5)
    assert "Not delivered lately" in hers.get("/statements/").content.decode()
    assert "These figures are old" in hers.get("/statements/balances/U1000001/").content.decode()


def test_positions_are_paged_by_symbol(hers, path):
    keep(most=250)
    seen, url = [], "/statements/balances/U1000001/"
    while url:
        page = hers.get(url).content.decode()
        seen += re.findall(r"SYM[0-9]{3}(?=</th>)", page)
        more = re.search(r'href="(\?[^"]*)" rel="next"', page)
        url = "/statements/balances/U1000001/" + more[1] if more else ""
    assert seen == [f"SYM{n:03}" for n in range(250)]


def test_something_wrong_becomes_a_case_about_it(hers, alice, path):
    about = path.split("/")[2]
    page = hers.get(f"/statements/wrong/?about={about}")
    assert "Daily statement, 25 Nov 2024, U1000001" in page.content.decode()
    sent = hers.post("/statements/wrong/", {"about": about, "text": "The total is not mine."})
    case = Case.objects.get()
    assert sent["Location"] == f"/cases/{case.reference}/"
    text = hers.get(sent["Location"]).content.decode()
    assert "Daily statement, 25 Nov 2024, U1000001" in text
    assert "The total is not mine." in text
    keep()
    hers.post("/statements/wrong/", {"about": "U1000001", "text": "I hold none of that."})
    assert Case.objects.filter(user=alice).count() == 2


def test_nothing_is_reported_without_words_or_about_what_is_not_theirs(hers, path, bob):
    about = path.split("/")[2]
    page = hers.post("/statements/wrong/", {"about": about, "text": " "})
    assert "Say in a few words what is wrong." in page.content.decode()
    for other in ("", "x", "U1000002", NEVER.split("/")[2], "U1000001\n"):
        sent = hers.post("/statements/wrong/", {"about": other, "text": "x"})
        assert sent.status_code == 404
    assert not Case.objects.exists()


def test_somebody_on_no_account_is_told_so(client, sign_in):
    sign_in(client, person("zoe", mobile="+14155550177"))
    assert "No account yet" in client.get("/statements/").content.decode()


def test_a_title_is_text(hers, path):
    deliver(pdf("x"), title="<script>alert(1)</script>")
    assert "<script>alert" not in hers.get("/statements/").content.decode()


def test_a_viewer_sees_and_a_second_owner_too(path, bob, sign_in):
    grant(account=ClientAccount.objects.get(number="U1000001"), user=bob, role=Role.VIEWER)
    assert sign_in(Client(), bob).get(path).status_code == 200


def test_the_index_finds_the_page_of_a_reader(path):
    names = connection.introspection.get_constraints(connection.cursor(), Document._meta.db_table)
    assert "documents_of_account" in names


def test_openings_are_slowed_before_they_fill_the_record(hers, path, settings, clock):
    settings.DOCUMENTS_PER_MINUTE = 3
    clock.move_to(timezone.now(), tick=False)
    answers = [hers.get(path).status_code for _number in range(5)]
    assert answers == [200] * 3 + [429] * 2
    assert len(openings()) == 3


def test_a_program_that_saves_a_file_may_ask_for_many_parts():
    assert limits.RATES["documents_per_user"]() == "120/m"


def test_a_locked_screen_shows_none(hers, path):
    hers.post("/lock/")
    assert hers.get(path).status_code != 200
    assert openings() == []
