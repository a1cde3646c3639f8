"""The pages of sessions and known browsers, and how long a session has left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.sessions.listing import PAGE
from accounts.sessions.models import End, KnownDevice, Session
from tests.attacks.tools import browser
from tests.cast import SEED, begin, code_for
from tests.sql import counted_queries

pytestmark = pytest.mark.django_db

PAGES = "/settings/security/sessions/"
BROWSERS = f"{PAGES}browsers/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
LEFT, EXTEND = "/session/left/", "/session/extend/"


@pytest.fixture
def here(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def there(here, alice) -> Client:
    """Her telephone, in Tokyo or so."""
    tab = Client(headers={"User-Agent": IPHONE}, REMOTE_ADDR="126.0.0.1")
    url = begin(tab)
    assert tab.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302
    return tab


def text(client: Client, path: str = PAGES) -> str:
    return client.get(path).content.decode()


def reference(tab: Client) -> str:
    return tab.get("/").wsgi_request.session_row.key[:12]


class TestSessions:
    def test_are_told_in_words_and_never_by_the_header(self, here, there):
        page = text(here)
        assert "Mobile Safari on iOS" in page
        assert "Japan" in page
        assert "126.0.0.1" in page
        assert "AppleWebKit" not in page
        assert "This device" in page

    def test_say_how_long_ago_each_was_active(self, here, there, clock):
        clock.shift(180)
        assert "Last active 3\xa0minutes ago" in text(here)

    def test_offer_to_end_the_others_where_there_are_any(self, here):
        assert "You are signed in nowhere else." in text(here)
        assert "End all other sessions" not in text(here)

    def test_hold_no_key(self, here, there):
        page = text(here)
        for row in Session.objects.all():
            assert row.key not in page

    def test_that_are_over_are_not_listed(self, here, there, clock):
        clock.shift(10 * 60)
        here.get("/")
        clock.shift(10 * 60)
        assert "iOS" not in text(here)

    def test_one_is_ended_and_is_told_why(self, here, there):
        assert here.post(f"{PAGES}{reference(there)}/end/")["Location"] == PAGES
        assert there.get("/").status_code == 302
        assert "from another place" in text(there, "/login/")
        assert here.get("/").status_code == 200

    def test_all_others_are_ended(self, here, there, alice, sign_in, clock):
        clock.shift(61)
        third = sign_in(browser(), alice)
        here.post(f"{PAGES}end-others/")
        assert "2 sessions are ended" in text(here)
        assert [tab.get("/").status_code for tab in (here, there, third)] == [200, 302, 302]
        [entry] = Entry.objects.filter(event=Event.SESSION_ENDED)
        assert entry.detail == {"why": "closed", "sessions": 2}

    def test_of_somebody_else_are_not_there(self, here, there, bob, sign_in):
        mallory = sign_in(browser(), bob)
        for wrong in (reference(there), "0" * 12, "x", "_" * 12):
            assert mallory.post(f"{PAGES}{wrong}/end/").status_code == 404
        mallory.post(f"{PAGES}end-others/")
        assert there.get("/").status_code == 200
        assert "iOS" not in text(mallory)

    def test_a_piece_of_a_reference_is_none(self, here, there):
        whole = Session.objects.get(key__startswith=reference(there)).key
        for size in (1, 11, 13, 64):
            assert here.post(f"{PAGES}{whole[:size]}/end/").status_code == 404
        assert there.get("/").status_code == 200

    def test_one_that_ended_already_is_not_there(self, here, there):
        gone = reference(there)
        here.post(f"{PAGES}{gone}/end/")
        assert here.post(f"{PAGES}{gone}/end/").status_code == 404

    def test_are_paged_without_gap_or_double(self, here, alice):
        more(alice, 2 * PAGE + 3)
        found = here.get(PAGES).context["found"]
        seen = [row.reference for row in found.rows]
        while found.after:
            found = here.get(PAGES, {"after": found.after}).context["found"]
            seen += [row.reference for row in found.rows]
        assert len(seen) == len(set(seen)) == 2 * PAGE + 4

    @pytest.mark.parametrize("after", ["x", "~", "2026-01-01", "9999-99-99~1", "0001-01-01~z", "é"])
    def test_no_key_of_a_page_is_too_odd(self, here, after):
        for page in (PAGES, BROWSERS):
            assert here.get(page, {"after": after}).status_code == 200

    def test_cost_the_same_at_any_number(self, here, alice):
        here.get(PAGES)
        with counted_queries() as few:
            here.get(PAGES)
        more(alice, 60)
        with counted_queries() as many:
            here.get(PAGES)
        assert len(many) == len(few) <= 3

    def test_staff_have_theirs(self, sam):
        tab = browser()
        url = begin(tab, "sam")
        tab.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"})
        assert tab.get(PAGES).status_code == 200


class TestBrowsers:
    def test_are_listed_in_words(self, here, there):
        page = text(here, BROWSERS)
        assert "Mobile Safari on iOS" in page
        assert "This browser" in page

    def test_one_is_forgotten_and_is_a_new_device_next_time(self, here, there, alice, clock):
        before = there.cookies["device"].value
        known = KnownDevice.objects.get(agent=IPHONE)
        assert here.post(f"{BROWSERS}{known.pk}/forget/")["Location"] == BROWSERS
        assert Entry.objects.filter(event=Event.BROWSER_FORGOTTEN).count() == 1
        there.post("/logout/")
        clock.shift(61)
        url = begin(there)
        there.post(f"{url}answer/", {"code": code_for(alice)})
        assert Entry.objects.filter(event=Event.SIGNED_IN_NEW_DEVICE).count() == 3
        assert there.cookies["device"].value.split(".")[0] != before.split(".")[0]

    def test_of_somebody_else_are_not_there(self, here, bob, sign_in):
        mallory = sign_in(browser(), bob)
        hers = KnownDevice.objects.get(user__username="alice").pk
        for pk in (hers, 2**31 - 1, 2**63, 10**30):
            assert mallory.post(f"{BROWSERS}{pk}/forget/").status_code == 404
        assert KnownDevice.objects.filter(pk=hers).exists()

    def test_are_paged_without_gap_or_double(self, here, alice):
        now = timezone.now()
        KnownDevice.objects.bulk_create(
            KnownDevice(user=alice, digest=f"{n:064}", agent="", first_at=now, last_at=now)
            for n in range(2 * PAGE)
        )
        with counted_queries() as few:
            first = here.get(BROWSERS).context["found"]
        assert len(few) <= 3
        seen = [row.pk for row in first.rows]
        while first.after:
            first = here.get(BROWSERS, {"after": first.after}).context["found"]
            seen += [row.pk for row in first.rows]
        assert len(seen) == len(set(seen)) == 2 * PAGE + 1


class TestTime:
    def test_asking_is_no_use_of_the_session(self, here, clock):
        polls = {"HX-Request": "true"}
        here.get("/")
        clock.shift(10 * 60)
        assert 290 <= here.get(LEFT, headers=polls).json()["left"] <= 300
        clock.shift(5 * 60)
        assert here.get(LEFT, headers=polls).status_code == 302

    def test_staying_extends_more_than_ten_times(self, here, clock):
        here.post(EXTEND)
        for _ in range(12):
            clock.shift(14 * 60)
            assert here.post(EXTEND).json()["left"] >= 890

    def test_staying_does_not_pass_the_longest_time(self, here, clock):
        for _ in range(12 * 5 + 3):
            clock.shift(10 * 60)
            last = here.post(EXTEND)
        assert last.status_code == 302 or last.json()["left"] < 900

    def test_says_what_is_left_at_most(self, here, clock):
        said = here.post(EXTEND).json()
        assert 11 * 3600 < said["most"] < 12 * 3600

    def test_a_public_computer_has_five_minutes(self, client, alice):
        url = begin(client, public_computer="on")
        client.post(f"{url}answer/", {"code": code_for(alice)})
        assert client.post(EXTEND).json()["left"] <= 300
        page = text(client, "/help/")
        assert "data-keeps" not in page
        assert "public computer" in text(client)

    def test_nobody_extends_by_looking(self, here):
        assert here.get(EXTEND).status_code == 405

    def test_who_is_not_signed_in_is_led_to_the_sign_in(self, db):
        assert Client().get(LEFT).status_code == 302


class TestWayBack:
    def test_a_form_posted_too_late_leads_back_to_its_page(self, here, clock):
        clock.shift(16 * 60)
        page = {"Referer": f"http://testserver{PAGES}?after=1"}
        sent = here.post(f"{PAGES}end-others/", headers=page)
        assert sent["Location"] == f"/login/?next={PAGES}%3Fafter%3D1"

    @pytest.mark.parametrize(
        "referer", ["", "https://evil.example/x", "nonsense", "http://testserver"]
    )
    def test_no_other_page_is_led_to(self, db, referer):
        sent = Client().post(f"{PAGES}end-others/", headers={"Referer": referer})
        assert sent["Location"] == "/login/"


class TestOldBrowser:
    OLD = "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"

    def test_is_told_and_stops_nobody(self, alice, sign_in):
        tab = sign_in(Client(headers={"User-Agent": self.OLD}), alice)
        assert "no longer gets security updates" in text(tab, "/settings/")

    def test_is_not_told_again_in_the_session(self, alice, sign_in):
        tab = sign_in(Client(headers={"User-Agent": self.OLD}), alice)
        tab.post("/session/browser-notice/", headers={"Referer": "http://testserver/settings/"})
        assert "no longer gets security updates" not in text(tab, "/settings/")

    def test_is_told_at_the_sign_in(self, db):
        tab = Client(headers={"User-Agent": self.OLD})
        assert "no longer gets security updates" in text(tab, "/login/")

    def test_a_new_one_is_told_nothing(self, here):
        assert "no longer gets security updates" not in text(here, "/settings/")


def test_ending_changes_nothing_of_the_session_it_was_asked_in(here, there):
    row = Session.objects.get(key__startswith=reference(here))
    here.post(f"{PAGES}end-others/")
    row.refresh_from_db()
    assert row.ended_why == ""
    assert Session.objects.get(key__startswith=reference_of_other(row)).ended_why == End.CLOSED


def reference_of_other(row: Session) -> str:
    return Session.objects.exclude(pk=row.pk).get().key[:12]


def more(user, count: int) -> None:
    """So many sessions more, all opened at the same moment."""
    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            key=f"{number:064x}"[::-1],
            token=f"{number:064x}"[::-1],
            user=user,
            device="sls.phonedevice/0",
            method="sms",
            address="192.0.2.1",
            agent="",
            opened_at=now,
            seen_at=now,
            idle_seconds=900,
            expires_at=now + timedelta(hours=12),
        )
        for number in range(1, count + 1)
    )
