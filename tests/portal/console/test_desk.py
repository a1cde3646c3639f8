"""The telephony desk."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox.figures import services as figures
from accounts.outbox.figures.models import Hour
from accounts.outbox.models import Channel, Lookup, Message, Status
from accounts.outbox.outage import services as outage
from accounts.outbox.spending import services as spending
from accounts.outbox.spending.models import Breaker, Ending
from portal.console import desk, desk_words
from portal.console.desk import Wanted
from portal.console.rules import Role
from tests.cast import begin, person
from tests.portal.console.staffing import at_desk, given

pytestmark = pytest.mark.django_db
NUMBER = "+14155550142"


def message(**fields) -> Message:
    at = fields.pop("at", timezone.now())
    return Message.objects.create(
        **{
            "channel": Channel.SMS,
            "name": "security_code",
            "to": NUMBER,
            "country": "US",
            "language": "en",
            "is_code": True,
            "status": Status.SENT,
            "created_at": at,
            "not_before": at,
            "expires_at": at + timedelta(minutes=5),
            "changed_at": at,
            **fields,
        }
    )


def stopped(**fields) -> Breaker:
    now = timezone.now()
    return Breaker.objects.create(
        **{
            "key": "+14155550",
            "width": "thousand",
            "country": "US",
            "opened_at": now,
            "sends": 20,
            "used": 0,
            "trial_at": now + timedelta(minutes=15),
            **fields,
        }
    )


@pytest.fixture
def lead():
    return at_desk(Role.LEAD)


class TestTheList:
    def test_says_ids_states_and_errors_in_words(self, lead):
        sid = f"SM{'0' * 30}42"
        message(status=Status.UNDELIVERED, error_code=30006, provider_id=sid)
        page = lead.get("/console/desk/messages/").content.decode()
        assert sid in page
        assert "landline; suggest voice (permanent for this number)" in page
        assert "30006" in page

    def test_shows_the_last_two_digits_of_a_number_and_no_more(self, lead):
        message()
        page = lead.post("/console/desk/messages/", {"country": "US"}).content.decode()
        assert "•••• 42" in page
        assert NUMBER not in page
        assert "5550142" not in page

    @pytest.mark.parametrize(
        "to", ["+14155550142", "+819012345678", "a.person@example.com", "", "+1"]
    )
    def test_a_mask_leaves_little(self, to):
        assert sum(char.isdigit() for char in desk_words.masked(to)) <= 2
        assert "person" not in desk_words.masked(to)

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({"number": "+1 (415) 555-0142"}, ["a", "d"]),
            ({"status": "undelivered"}, ["b"]),
            ({"channel": "voice"}, ["c"]),
            ({"country": "JP"}, ["c"]),
            ({"country": "JP", "channel": "sms"}, []),
            ({}, ["d", "c", "b", "a"]),
        ],
    )
    def test_is_filtered(self, lead, wanted, found):
        old = timezone.now() - timedelta(hours=2)
        message(at=old, name="a")
        message(at=old, name="b", to="+14155550199", status=Status.UNDELIVERED)
        message(name="c", to="+819012345678", country="JP", channel=Channel.VOICE)
        message(name="d", is_code=False)
        answer = lead.post("/console/desk/messages/", wanted)
        lines = [line.name for line in answer.context["page"].lines]
        # Signing in was told by mail.
        assert sorted(name for name in lines if len(name) == 1) == sorted(found)

    def test_a_number_that_is_none_is_asked_for_again(self, lead):
        page = lead.post("/console/desk/messages/", {"number": "0142"}).content.decode()
        assert "error-summary" in page

    def test_is_paged_by_key_to_the_end_without_a_gap(self, monkeypatch):
        monkeypatch.setattr(desk, "SIZE", 3)
        same = timezone.now()
        for place in range(8):
            message(at=same - timedelta(seconds=place // 2), name=f"m{place}")
        seen, key = [], ""
        for _ in range(3):
            page = desk.page(Wanted(), before=key)
            seen += [line.name for line in page.lines]
            key = page.older
        assert sorted(seen) == [f"m{place}" for place in range(8)]
        assert key == ""

    def test_looks_at_so_many_rows_a_page_and_says_how_far_it_came(self, monkeypatch):
        monkeypatch.setattr(desk, "SCAN", 4)
        now = timezone.now()
        for place in range(10):
            message(at=now - timedelta(minutes=place), name=f"m{place}")
        message(at=now - timedelta(hours=1), status=Status.UNKNOWN, name="rare")
        page = desk.page(Wanted(status="unknown"))
        assert (page.lines, page.reached) == ([], now - timedelta(minutes=3))
        for _ in range(2):
            page = desk.page(Wanted(status="unknown"), before=page.older)
        assert [line.name for line in page.lines] == ["rare"]

    @pytest.mark.parametrize(
        "key",
        [
            *("x", "2026-01-01_x", "2026-01-01T00:00:00_", "\x00", "_"),
            f"0001-01-01T00:00:00+23:59_{UUID(int=1)}",
            f"9999-12-31T23:59:59-23:59_{UUID(int=1)}",
        ],
    )
    def test_a_key_that_is_none_begins_at_the_newest(self, key):
        message()
        assert len(desk.page(Wanted(), before=key).lines) == 1

    def test_takes_two_statements_however_much_there_is(self, counted_queries):
        for _ in range(60):
            message()
        with counted_queries(most=2):
            desk.page(Wanted(status="sent"))

    def test_shows_no_code(self, lead, client, alice):
        begin(client)
        sent = Message.objects.get(is_code=True)
        code = sent.content()["text"].split("-")[1][:6]
        assert code.isdigit()
        assert code not in lead.get("/console/desk/messages/").content.decode()


class TestFigures:
    def test_count_what_arrived_and_what_was_used(self):
        Lookup.objects.create(number=NUMBER, line_type="mobile", carrier="Emulated Mobile")
        now = timezone.now()
        message(status=Status.DELIVERED, used_at=now)
        message(status=Status.DELIVERED)
        message(status=Status.UNDELIVERED, error_code=30008)
        message(status=Status.FAILED, detail="pumping")
        message(to="+819012345678", country="JP", channel=Channel.VOICE)
        figures.refresh()
        us = next(one for one in figures.by_country(since=now - timedelta(days=1)))
        assert (us.name, us.sent, us.delivery, us.conversion, us.stopped) == ("US", 3, 67, 33, 1)
        assert [one.name for one in figures.by_line(since=now - timedelta(days=1))] == [
            "mobile",
            "",
        ]
        carriers = [one.name for one in figures.by_carrier(since=now - timedelta(days=1))]
        assert carriers == ["Emulated Mobile", ""]

    def test_are_the_same_when_they_are_computed_again(self):
        message(status=Status.DELIVERED)
        figures.refresh()
        figures.refresh()
        assert Hour.objects.get().sent == 1

    def test_count_a_message_once_when_its_kind_of_line_becomes_known(self):
        message(status=Status.DELIVERED)
        older = Hour.objects.create(at=timezone.now() - timedelta(days=2), channel="sms", sent=5)
        figures.refresh()
        Lookup.objects.create(number=NUMBER, line_type="mobile", answered_at=timezone.now())
        figures.refresh()
        mine = Hour.objects.exclude(pk=older.pk).get()
        assert (mine.line, mine.sent) == ("mobile", 1)
        assert Hour.objects.filter(pk=older.pk).exists()

    def test_the_overview_reads_rows_of_hours_alone(self, lead, counted_queries):
        message(status=Status.DELIVERED)
        figures.refresh()
        lead.get("/console/desk/")
        with counted_queries() as few:
            page = lead.get("/console/desk/?days=7")
        assert 'FROM "accounts_message"' not in "".join(few)
        assert "United States" in page.content.decode()

    def test_old_ones_go(self):
        Hour.objects.create(at=timezone.now() - timedelta(days=91), channel="sms")
        assert figures.purge() == 1


class TestOverruling:
    def test_a_range_is_let_through_with_reason_and_ticket(self, lead):
        row = stopped()
        path = f"/console/desk/ranges/{row.pk}/"
        assert "Let it through" in lead.get(path).content.decode()
        told = {"hours": "4", "reason": "Campaign", "ticket": "SUP-77"}
        assert lead.post(f"{path}overrule/", told).status_code == 302
        row.refresh_from_db()
        assert (row.ending, row.ticket) == (Ending.OVERRULED, "SUP-77")
        entry = Entry.objects.get(event="guard.breaker_overruled")
        assert entry.actor == f"staff:{row.closed_by.username}"
        assert lead.post(f"{path}judge/", told).status_code == 302
        row.refresh_from_db()
        assert row.let_through_until <= timezone.now()

    @pytest.mark.parametrize("missing", ["hours", "reason", "ticket"])
    def test_not_without_each_of_them(self, lead, missing):
        row = stopped()
        told = {"hours": "4", "reason": "Campaign", "ticket": "SUP-77", missing: ""}
        page = lead.post(f"/console/desk/ranges/{row.pk}/overrule/", told)
        assert page.status_code == 200
        assert "error-summary" in page.content.decode()
        row.refresh_from_db()
        assert row.closed_at is None

    def test_posted_twice_it_is_done_once(self, lead):
        row = stopped()
        told = {"hours": "4", "reason": "Campaign", "ticket": "SUP-77"}
        for _ in range(2):
            lead.post(f"/console/desk/ranges/{row.pk}/overrule/", told)
        assert Entry.objects.filter(event="guard.breaker_overruled").count() == 1

    @pytest.mark.parametrize(
        ("standing", "away"), [("away", {"sms"}), ("works", set()), ("judge", set())]
    )
    def test_a_channel_is_said_to_be_away_or_not(self, lead, standing, away):
        told = {
            "channel": "sms",
            "standing": standing,
            "hours": "1",
            "reason": "Carrier called",
            "ticket": "SUP-8",
        }
        assert lead.post("/console/desk/carriers/overrule/", told).status_code == 302
        assert outage.away() == away
        assert "Carrier called" in str(Entry.objects.get(event="guard.carrier_overruled").detail)

    def test_the_frame_says_what_is_stopped_and_away(self, lead):
        stopped()
        outage.Outage.objects.create(channel="sms", began_at=timezone.now())
        page = lead.get("/console/desk/").content.decode()
        assert "Codes to 1 range of numbers are stopped" in page
        assert "Text message: the carrier fails" in page


class TestLeadsAreTold:
    def test_by_mail_once(self, django_capture_on_commit_callbacks):
        lena = given(person("lena", staff=True), Role.LEAD)
        given(person("adam", staff=True), Role.AGENT)
        person("alice")
        row = stopped()
        for _ in range(2):
            spending.told.send_robust(sender=Breaker, breaker=row)
        mail = Message.objects.get(channel="email")
        assert (mail.user, mail.name) == (lena, "spending_stopped")
        assert "+14155550 xxx" in mail.content()["subject"]


READS = [
    "/console/desk/",
    "/console/desk/messages/",
    "/console/desk/ranges/",
    "/console/desk/ranges/{row}/",
    "/console/desk/carriers/",
]
ACTS = [
    "/console/desk/ranges/{row}/overrule/",
    "/console/desk/ranges/{row}/judge/",
    "/console/desk/carriers/overrule/",
]
TOLD = {
    "hours": "4", "reason": "It is right", "ticket": "SUP-1", "channel": "sms", "standing": "away",
}  # fmt: skip


class TestWhoMay:
    """A14."""

    @pytest.mark.parametrize(
        ("role", "sees", "acts"),
        [
            (Role.AGENT, True, False),
            (Role.LEAD, True, True),
            (Role.OFFICER, True, True),
            (Role.AUDITOR, True, False),
            (Role.CARDS, False, False),
            (None, False, False),
        ],
    )
    def test_each_role(self, role, sees, acts):
        client, row = at_desk(*([role] if role else [])), stopped()
        for path in READS:
            assert client.get(path.format(row=row.pk)).status_code == (200 if sees else 403)
        for path in ACTS:
            status = client.post(path.format(row=row.pk), TOLD).status_code
            assert status == (302 if acts else 403)
        row.refresh_from_db()
        assert (row.closed_at is not None) is acts
        assert Entry.objects.filter(event__startswith="guard.").exists() is acts

    def test_a_client_finds_nothing(self, client, alice, sign_in):
        row = stopped()
        sign_in(client, alice)
        for path in READS:
            assert client.get(path.format(row=row.pk)).status_code == 404
        for path in ACTS:
            assert client.post(path.format(row=row.pk), TOLD).status_code == 404

    def test_who_loses_the_role_loses_the_power_at_once(self, lead):
        from accounts.users.models import User

        row = stopped()
        given(User.objects.get(username="staff_support_lead"), Role.AGENT)
        assert lead.post(ACTS[0].format(row=row.pk), TOLD).status_code == 403
