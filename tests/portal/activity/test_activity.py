"""The owner reads what happened, page by page, and takes it along."""

import csv
import io
import json
import re
import uuid

import pytest
from django.db import transaction

from accounts.audit import rules
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.kinds import Kind
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Message
from portal.activity import reading
from portal.sheets import safe
from tests.sql import counted_queries

FAR = Origin(address="133.11.0.1", agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")
EVIL = "<script>alert(1)</script>"


def note(user, event=Event.CONTACTS_CONFIRMED, *, times=1, origin=FAR, actor="self", **detail):
    for _ in range(times):
        with transaction.atomic():
            row = audit.lock(user.pk)
            last = audit.record(event, user=row, origin=origin, actor=actor, detail=detail)
    return last


@pytest.fixture
def inside(client, alice, sign_in):
    return sign_in(client, alice)


def read(client, query: str = "") -> str:
    response = client.get(f"/activity/{query}")
    assert response.status_code == 200
    return response.content.decode()


def whats(page: str) -> list[str]:
    return [one.strip() for one in re.findall(r'record__what">([^<]*)', page)]


class TestList:
    def test_says_what_when_where_and_by_whom(self, inside, alice):
        entry = note(alice, Event.SIGN_IN_UNLOCKED, actor="staff:sam")
        page = read(inside)
        assert whats(page)[0] == "Pause of sign-in lifted"
        for words in ("Support", "Firefox on Linux", "Japan (approximate)", "133.11.0.1"):
            assert words in page
        assert f"{entry.number}-{entry.digest[:6].upper()}" in page
        assert f"/not-me/?entry={entry.number}" in page
        assert "Mozilla/5.0" not in page

    @pytest.mark.parametrize(
        ("why", "words"),
        [("address", "outside your IP restrictions"), ("frozen", "was frozen"), ("x", "")],
    )
    def test_says_why_something_was_refused(self, inside, alice, why, words):
        note(alice, Event.SIGN_IN_REFUSED, why=why)
        assert words in read(inside, "?show=refused")

    @pytest.mark.parametrize(
        ("show", "event"),
        [
            ("sign-ins", Event.SIGNED_IN),
            ("refused", Event.PASSWORD_FAILED),
            ("changes", Event.PASSWORD_CHANGED),
        ],
    )
    def test_shows_one_kind_alone(self, inside, alice, show, event):
        for other in (Event.SIGNED_IN, Event.PASSWORD_FAILED, Event.PASSWORD_CHANGED):
            note(alice, other)
        seen = set(whats(read(inside, f"?show={show}")))
        assert str(event.label) in seen
        kinds = {one.kind for one in Entry.objects.filter(user=alice) if one.event == event}
        assert len(kinds) == 1
        others = {str(e.label) for e in (Event.SIGNED_IN, Event.PASSWORD_FAILED)} - {event.label}
        assert not seen & others or show == "sign-ins"

    def test_shows_a_page_and_leads_on_without_gap_or_repeat(self, inside, alice):
        note(alice, times=60)
        numbers, query = [], ""
        while True:
            page = read(inside, query)
            numbers += [int(one) for one in re.findall(r"entry=(\d+)", page)]
            following = re.search(r'href="/activity/(\?show=all&amp;before=\d+)" rel="next"', page)
            if not following:
                break
            query = following[1].replace("&amp;", "&")
        assert numbers == list(range(len(numbers), 0, -1))
        assert len(numbers) == Entry.objects.filter(user=alice).count()

    def test_messages_say_where_to_and_how_far_and_never_what(self, inside, alice):
        page = read(inside, "?show=messages")
        assert "Security code" in page
        assert "+1 ... 01" in page
        assert "+14155550101" not in page
        assert not re.search(r"[A-Z]{3}-\d{6}", page)

    def test_messages_of_one_moment_are_all_read(self, inside, alice):
        row = Message.objects.filter(user=alice).first()
        Message.objects.bulk_create(
            Message(
                pk=uuid.uuid4(), user=alice, channel="email", name="email_added", language="en",
                to="alice@example.com", created_at=row.created_at, not_before=row.created_at,
                expires_at=row.created_at, changed_at=row.created_at, status="sent",
            )
            for _ in range(60)
        )  # fmt: skip
        seen, before = 0, ""
        while True:
            part = reading.page(alice.pk, show=reading.Show.MESSAGES, before=before)
            seen, before = seen + len(part.sent), part.older
            if not before:
                break
        assert seen == Message.objects.filter(user=alice).count()

    @pytest.mark.parametrize(
        "query",
        ["?show=x", "?before=x", "?before=-1", "?before=9999999999999999999", "?before=٣",
         "?show=messages&before=x", "?show=messages&before=2026-01-01T00:00:00_x",
         "?show=messages&before=2026-01-01T00:00:00%2B00:00_x",
         "?show=messages&before=0001-01-01T00:00:00%2B23:59_00000000-0000-4000-8000-000000000000",
         "?show=messages&before=9999-12-31T23:59:59-23:59_00000000-0000-4000-8000-000000000000"],
    )  # fmt: skip
    def test_what_is_typed_into_the_address_breaks_nothing(self, inside, query):
        assert "Activity" in read(inside, query)

    def test_costs_the_same_whatever_there_is(self, inside, alice):
        note(alice, times=5)
        read(inside)
        with counted_queries(most=2) as few:
            read(inside)
        note(alice, times=60)
        with counted_queries(len(few)):
            read(inside)
        with counted_queries(len(few)):
            read(inside, "?show=messages")

    def test_an_event_of_a_later_version_is_told_by_its_name(self, inside, alice):
        entry = note(alice)
        from tests.tampering import tampering

        with tampering():
            Entry.objects.filter(pk=entry.pk).update(event="moon.landed")
        assert "moon.landed" in whats(read(inside))

    def test_nobody_elses(self, inside, bob):
        note(bob, Event.OPTED_OUT)
        assert "Opt-out" not in read(inside)


@pytest.mark.parametrize("field", ["device", "card", "account", "method"])
def test_what_somebody_typed_is_text(inside, alice, field):
    evil = Origin(address=EVIL, agent=EVIL)
    note(alice, Event.DEVICE_RENAMED, origin=evil, actor=EVIL, **{field: EVIL})
    assert EVIL not in read(inside)


def take(client, form: str, show: str = "all") -> str:
    response = client.post("/activity/export/", {"format": form, "show": show})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content).decode()


class TestExport:
    def test_csv_has_what_the_page_shows(self, inside, alice):
        note(alice, Event.SIGN_IN_REFUSED, why="address")
        rows = list(csv.reader(io.StringIO(take(inside, "csv", "refused").lstrip("\ufeff"))))
        assert rows[0][2:4] == ["What", "Cause"]
        assert rows[1][2] == "Sign-in refused"
        assert {row[2] for row in rows[1:]} == {"Sign-in refused"}

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n=", "|", "%"])
    def test_no_cell_is_a_formula(self, inside, alice, start):
        note(alice, Event.DEVICE_RENAMED, device=f'{start}HYPERLINK("http://x","y")')
        rows = csv.reader(io.StringIO(take(inside, "csv").lstrip("\ufeff")))
        for row in rows:
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert safe(f"{start}1").startswith("'") or start == "\n="

    @pytest.mark.parametrize("text", ["＝1+1", "＠SUM(1)", "－1", " =1+1", "\u3000＝1", "\ufeff=1"])
    def test_nor_is_one_that_only_some_spreadsheets_compute(self, text):
        assert safe(text) == f"'{text}"

    def test_words_stay_as_they_are(self):
        assert safe("Firefox on Windows") == "Firefox on Windows"
        assert safe("") == ""

    def test_json_can_be_checked_with_ten_lines(self, inside, alice):
        note(alice, Event.DEVICE_RENAMED, device="Café \ud83d\ude00 \\u0000 \x7f")
        record = json.loads(take(inside, "json"))
        head = "0" * 64
        for number, entry in enumerate(record["entries"], 1):
            content = entry["content"]
            assert content["number"] == number
            text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
            import hashlib

            head = hashlib.sha256(bytes.fromhex(head) + text).hexdigest()
            assert head == entry["digest"]
        assert (len(record["entries"]), head) == (record["number"], record["digest"])
        assert Entry.objects.filter(user=alice).latest("number").event == Event.RECORD_EXPORTED

    def test_is_of_the_owner_alone(self, inside, bob):
        note(bob, Event.OPTED_OUT)
        assert "Opt-out" not in take(inside, "csv")
        assert "sls.opted_out" not in take(inside, "json")

    def test_is_noted_and_limited(self, inside, alice):
        for _ in range(10):
            take(inside, "csv")
        assert inside.post("/activity/export/", {"format": "csv"}).status_code == 429
        assert Entry.objects.filter(user=alice, event=Event.RECORD_EXPORTED).count() == 10

    def test_knows_two_formats(self, inside):
        assert inside.post("/activity/export/", {"format": "xls"}).status_code == 400
        assert inside.get("/activity/export/").status_code == 405

    def test_takes_a_session(self, client):
        assert client.post("/activity/export/", {"format": "csv"})["Location"].startswith("/login/")


def test_every_event_has_a_kind():
    from accounts.audit import kinds

    known = {event.value for event in Event}
    for listed in (kinds._SIGN_INS, kinds._REFUSED, kinds._SENT):
        assert listed <= known
    assert {kinds.of(event.value) for event in Event} == set(Kind)
    assert rules.CHECKPOINT_EVERY == 1000
