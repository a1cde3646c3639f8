"""Who saw a client, and the whole trail before auditors."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.approvals.models import Request
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Message
from portal.console import trail, trail_export
from portal.console import trail_reading as reading
from portal.console.rules import Role
from portal.console.trail_reading import Wanted
from tests.cast import begin, person
from tests.portal.console.staffing import at_desk
from tests.tampering import tampering

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "%0A", "＝1+1", "\u200b=1"]


@pytest.fixture
def auditor():
    return at_desk(Role.AUDITOR)


def record(event: Event, user=None, **fields) -> Entry:
    from django.db import transaction

    with transaction.atomic():
        row = audit.lock(user.pk) if user else None
        return audit.record(event, user=row, origin=fields.pop("origin", SYSTEM), **fields)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("0001-01-01 00:00", False),
        ("1999-12-31 12:00", False),
        ("2000-01-02 00:00", True),
        ("2100-12-30 00:00", True),
        ("2101-01-02 00:00", False),
        ("9999-12-31 23:59", False),
    ],
)
def test_a_time_is_one_of_ours(auditor, name, value, taken):
    page = auditor.get("/console/trail/", {name: value})
    assert page.status_code == 200
    assert ("between the years 2000 and 2100" in page.content.decode()) is not taken


class TestSeen:
    def test_is_an_entry_of_the_system_that_names_both(self):
        sam, alice = person("sam", staff=True), person("alice")
        entry = trail.seen(sam, alice, SYSTEM)
        assert entry.user is None
        assert entry.actor == "staff:sam"
        assert entry.detail["client"] == alice.pk
        assert audit.verify(None) is None

    def test_is_nothing_the_client_reads_or_is_told(self):
        sam, alice = person("sam", staff=True), person("alice")
        trail.seen(sam, alice, SYSTEM)
        assert not Entry.objects.filter(user=alice).exists()
        assert not Message.objects.exists()

    def test_is_found_by_the_client_and_by_no_other(self):
        sam, alice, bob = person("sam", staff=True), person("alice"), person("bob")
        entry = trail.seen(sam, alice, SYSTEM)
        trail.seen(sam, bob, SYSTEM)
        assert list(reading.seen_by_staff(alice.pk)) == [entry]


class TestTheTrail:
    def furnish(self):
        alice, bob = person("alice"), person("bob")
        record(Event.SIGNED_IN, alice)
        record(Event.DEVICES_ORDERED, alice, actor="staff:sam")
        record(Event.SIGNED_IN, bob)
        record(Event.SPENDING_BREAKER, actor="system", detail={"range": "+1415"})
        return alice, bob

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"user": "alice"}, ["device.ordered", "sign_in.done"]),
            ({"user": "ALICE", "event": "sign_in.done"}, ["sign_in.done"]),
            ({"event": "guard.breaker"}, ["guard.breaker"]),
            ({"event": "sign_in.done", "user": "bob"}, ["sign_in.done"]),
            ({"actor": "sam"}, ["device.ordered"]),
            ({"actor": "staff:sam", "user": "bob"}, []),
            ({"user": "system", "event": "guard.breaker"}, ["guard.breaker"]),
            ({"user": "alice", "since": "2020-01-01T00:00"}, ["device.ordered", "sign_in.done"]),
            ({"user": "alice", "until": "2020-01-01T00:00"}, []),
        ],
    )
    def test_is_filtered(self, auditor, asked, found):
        self.furnish()
        page = auditor.get("/console/trail/", asked).context["page"]
        assert [line.entry.event for line in page.lines] == found

    def test_names_what_is_unknown(self, auditor):
        page = auditor.get("/console/trail/", {"user": "nobody", "event": "x", "since": "soon"})
        assert page.status_code == 200
        assert page.content.decode().count("field__error") >= 3

    @pytest.mark.parametrize("chain", [False, True])
    def test_is_paged_by_key_without_a_gap(self, monkeypatch, chain):
        monkeypatch.setattr(reading, "SIZE", 3)
        alice = person("alice")
        for _ in range(8):
            record(Event.SIGNED_IN, alice)
        wanted, seen, key = Wanted(chain=alice.pk if chain else None), [], ""
        for _ in range(3):
            page = reading.page(wanted, before=key)
            seen += [line.entry.number for line in page.lines]
            key = page.older
        assert seen == [8, 7, 6, 5, 4, 3, 2, 1]
        assert key == ""

    def test_looks_at_so_many_entries_a_page_and_says_how_far_it_came(self, monkeypatch):
        monkeypatch.setattr(reading, "SCAN", 4)
        alice = person("alice")
        record(Event.PASSWORD_FAILED, alice)
        for _ in range(6):
            record(Event.SIGNED_IN, alice)
        page = reading.page(Wanted(event="password.failed"))
        assert page.lines == []
        assert page.reached is not None
        page = reading.page(Wanted(event="password.failed"), before=page.older)
        assert [line.entry.event for line in page.lines] == ["password.failed"]

    def test_a_time_is_found_by_halving(self, clock):
        alice, keys = person("alice"), {}
        for day in range(1, 30):
            clock.shift(86400)
            keys[day] = record(Event.SIGNED_IN, alice).pk
        now = timezone.now()
        assert reading.first_at(now - timedelta(days=9, hours=12)) == keys[20]
        assert reading.first_at(now - timedelta(days=400)) <= keys[1]
        assert reading.first_at(now + timedelta(days=1)) == keys[29] + 1

    def test_takes_two_statements(self, counted_queries):
        self.furnish()
        with counted_queries(most=2):
            reading.page(Wanted(actor="staff:sam"))

    @pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "１", "\x00"])
    def test_a_key_that_is_none_begins_at_the_newest(self, key):
        self.furnish()
        assert len(reading.page(Wanted(), before=key).lines) == 4

    def test_what_a_client_typed_is_shown_as_text(self, auditor):
        record(Event.DEVICE_RENAMED, person("alice"), detail={"name": "<script>alert(1)</script>"})
        page = auditor.get("/console/trail/", {"user": "alice"}).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


class TestExport:
    """A13 of tables: a spreadsheet computes nothing that a client wrote."""

    def take(self, client, form: str, **asked) -> str:
        response = client.post("/console/trail/export/", {"format": form, **asked})
        assert response.status_code == 200
        assert "attachment" in response["Content-Disposition"]
        return content(response).decode("utf-8-sig")

    @pytest.mark.parametrize("formula", FORMULAS)
    def test_no_cell_is_a_formula(self, formula):
        alice = person("alice")
        origin = Origin(address="192.0.2.1", request_id=formula)
        record(Event.DEVICE_RENAMED, alice, origin=origin, actor=formula, detail={"name": formula})
        text = "".join(trail_export.as_csv(Entry.objects.filter(user=alice)))
        _head, row = csv.reader(io.StringIO(text.lstrip("\ufeff")))
        assert not [cell for cell in row if cell.lstrip("\u200b ")[:1] in set("=+-@|%\t\r\n＝")]

    def test_lines_of_json_can_be_checked(self, auditor):
        alice = person("alice")
        for _ in range(3):
            record(Event.SIGNED_IN, alice)
        *lines, last = self.take(auditor, "json", user="alice").splitlines(keepends=True)
        assert [json.loads(line)["content"]["number"] for line in lines] == [3, 2, 1]
        told = json.loads(last)
        assert told == {"lines": 3, "sha256": hashlib.sha256("".join(lines).encode()).hexdigest()}

    def test_the_export_is_an_entry(self, auditor):
        self.take(auditor, "csv", user="system")
        entry = Entry.objects.get(event="staff.trail_exported")
        assert entry.actor == "staff:staff_auditor"
        assert entry.detail == {"format": "csv", "user": "system"}

    def test_is_bounded(self, monkeypatch):
        monkeypatch.setattr(trail_export, "MOST", 2)
        alice = person("alice")
        for _ in range(4):
            record(Event.SIGNED_IN, alice)
        assert [one.number for one in trail_export.entries(Wanted(chain=alice.pk))] == [4, 3]

    def test_not_more_than_ten_an_hour(self, auditor):
        for _ in range(10):
            self.take(auditor, "csv", event="guard.breaker")
        asked = {"format": "csv", "event": "guard.breaker"}
        assert auditor.post("/console/trail/export/", asked).status_code == 429

    @pytest.mark.parametrize("form", ["", "xlsx", "csv\n"])
    def test_another_format_is_none(self, auditor, form):
        assert auditor.post("/console/trail/export/", {"format": form}).status_code == 400


class TestChainCheck:
    def test_a_whole_chain(self, auditor):
        record(Event.SIGNED_IN, person("alice"))
        page = auditor.post("/console/trail/check/", {"user": "alice"})
        assert page.context["result"]["whole"]
        assert "Whole." in page.content.decode()
        assert Entry.objects.get(event="staff.chain_checked").detail == {
            "chain": "alice",
            "whole": True,
        }

    def test_that_of_the_system(self, auditor):
        record(Event.SPENDING_BREAKER)
        assert auditor.post("/console/trail/check/", {"user": "system"}).context["result"]["whole"]

    def test_a_changed_entry_is_named(self, auditor):
        alice = person("alice")
        for _ in range(3):
            record(Event.SIGNED_IN, alice)
        with tampering():
            Entry.objects.filter(user=alice, number=2).update(actor="staff:mallory")
        page = auditor.post("/console/trail/check/", {"user": "alice"})
        assert page.context["result"]["entry"] == 2
        assert "Entry 2 in the chain of alice is broken" in page.content.decode()

    def test_an_entry_that_a_checkpoint_does_not_know_is_named(self, auditor):
        from accounts.audit import checkpoints
        from accounts.audit.models import Checkpoint

        alice = person("alice")
        record(Event.SIGNED_IN, alice)
        checkpoints.place(alice.pk)
        with tampering():
            Checkpoint.objects.update(digest="0" * 64)
        page = auditor.post("/console/trail/check/", {"user": "alice"})
        assert page.context["result"]["checkpoint"] == 1


def test_four_eyes_names_who_asked_and_who_decided(auditor):
    sam, tess, alice = person("sam", staff=True), person("tess", staff=True), person("alice")
    now = timezone.now()
    Request.objects.create(
        user=alice,
        act="passcode",
        power="passcode",
        reason="=HYPERLINK()",
        ticket="SUP-7",
        asked_by=sam,
        asked_at=now,
        expires_at=now + timedelta(minutes=30),
        state="refused",
        decided_by=tess,
        decided_at=now,
        why="The caller was not proven",
    )
    page = auditor.get("/console/trail/four-eyes/").content.decode()
    for said in ("Send a temporary passcode", "sam", "tess", "alice", "The caller was not proven"):
        assert said in page


class TestEvidence:
    TOLD = {"user": "alice", "reason": "Court order", "ticket": "SUP-5"}

    def take(self, client) -> zipfile.ZipFile:
        response = client.post("/console/trail/evidence/", self.TOLD)
        assert response.status_code == 200
        data = content(response)
        assert response["X-Content-SHA256"] == hashlib.sha256(data).hexdigest()
        return zipfile.ZipFile(io.BytesIO(data))

    def test_says_who_saw_what_and_when(self, auditor):
        sam, alice = person("sam", staff=True), person("alice")
        trail.seen(sam, alice, Origin(address="203.0.113.9", request_id="r1"), part="sessions")
        trail.seen(sam, person("bob"), SYSTEM)
        rows = list(
            csv.DictReader(io.StringIO(self.take(auditor).read("seen.csv").decode("utf-8-sig")))
        )
        assert [(row["staff"], row["part"], row["address"]) for row in rows] == [
            ("sam", "sessions", "203.0.113.9")
        ]

    def test_each_part_is_what_the_manifest_says_and_the_chain_is_whole(self, auditor):
        alice = person("alice")
        record(Event.SIGN_IN_UNLOCKED, alice, actor="staff:sam", detail={"reason": "=cmd"})
        packed = self.take(auditor)
        manifest = json.loads(packed.read("manifest.json"))
        assert set(packed.namelist()) == {*manifest["sha256"], "manifest.json"}
        for name, digest in manifest["sha256"].items():
            assert hashlib.sha256(packed.read(name)).hexdigest() == digest
        assert manifest["first_broken_entry"] is None
        assert "sign_in.unlocked" in packed.read("acts.csv").decode()

    def test_is_an_entry_with_its_digest_and_no_alert(self, auditor):
        alice = person("alice")
        before = Message.objects.count()
        self.take(auditor)
        entry = Entry.objects.get(event="staff.evidence_exported")
        assert (entry.user, entry.detail["client"], entry.detail["ticket"]) == (
            None,
            alice.pk,
            "SUP-5",
        )
        assert len(entry.detail["sha256"]) == 64
        assert Message.objects.count() == before

    def test_holds_no_code_and_no_whole_number(self, auditor, client):
        person("alice", mobile="+14155550101")
        begin(client)
        sent = Message.objects.get(is_code=True)
        code = sent.content()["text"].split("-")[1][:6]
        packed = self.take(auditor)
        text = "".join(packed.read(name).decode() for name in packed.namelist())
        assert code not in text
        assert "5550101" not in text
        assert "•••• 01" in text

    @pytest.mark.parametrize("name", ["user", "reason", "ticket"])
    def test_needs_a_client_a_reason_and_a_ticket(self, auditor, name):
        person("alice")
        page = auditor.post("/console/trail/evidence/", {**self.TOLD, name: ""})
        assert "error-summary" in page.content.decode()
        assert not Entry.objects.filter(event="staff.evidence_exported").exists()

    def test_of_the_system_there_is_none(self, auditor):
        page = auditor.post("/console/trail/evidence/", {**self.TOLD, "user": "system"})
        assert "error-summary" in page.content.decode()


READS = ["", "check/", "staff/", "four-eyes/"]


class TestWhoMay:
    """A14."""

    @pytest.mark.parametrize(
        ("role", "may"),
        [
            (Role.AUDITOR, True),
            (Role.OFFICER, True),
            (Role.LEAD, False),
            (Role.AGENT, False),
            (Role.CARDS, False),
            (None, False),
        ],
    )
    def test_each_role(self, role, may):
        client = at_desk(*([role] if role else []))
        person("alice")
        for path in READS:
            assert client.get(f"/console/trail/{path}").status_code == (200 if may else 403)
        posts = {
            "check/": {"user": "alice"},
            "export/": {"format": "csv"},
            "evidence/": TestEvidence.TOLD,
        }
        for path, told in posts.items():
            response = client.post(f"/console/trail/{path}", told)
            assert response.status_code == (200 if may else 403)
            if response.streaming:
                content(response)
        exported = Entry.objects.filter(event__startswith="staff.").exclude(
            event=Event.CLIENT_OPENED
        )
        assert exported.exists() is may

    def test_a_client_finds_nothing(self, client, alice, sign_in):
        sign_in(client, alice)
        for path in [*READS, "evidence/"]:
            assert client.get(f"/console/trail/{path}").status_code == 404
        for path in ("export/", "evidence/", "check/"):
            assert client.post(f"/console/trail/{path}", {"format": "csv"}).status_code == 404

    @pytest.mark.parametrize("path", [*READS, "evidence/"])
    def test_an_auditor_has_nothing_to_change(self, auditor, path):
        for verb in (auditor.put, auditor.delete, auditor.patch):
            assert verb(f"/console/trail/{path}").status_code == 405
