from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin, digest, halves
from accounts.sessions import browsers, services
from accounts.sessions.models import End, KnownDevice, Session
from accounts.sessions.purging import purge
from accounts.users.models import User
from tests.cast import begin, code_for


def signed_in_page(client) -> int:
    return client.get("/").status_code


def test_ends_after_fifteen_minutes_without_use_and_says_why(client, alice, sign_in, clock):
    sign_in(client, alice)
    clock.shift(15 * 60)
    assert signed_in_page(client) == 302
    assert Session.objects.get().ended_why == End.IDLE
    assert "without use" in client.get("/login/").content.decode()


def test_is_kept_alive_by_use(client, alice, sign_in, clock):
    sign_in(client, alice)
    for _ in range(4):
        clock.shift(14 * 60)
        assert signed_in_page(client) == 200


def test_ends_after_twelve_hours_whatever_was_done(client, alice, sign_in, clock):
    sign_in(client, alice)
    for _ in range(12 * 6 + 1):
        last = signed_in_page(client)
        clock.shift(10 * 60)
    assert last == 302
    assert Session.objects.get().ended_why == End.ABSOLUTE


def test_ends_sooner_on_a_public_computer_and_remembers_nothing(client, alice, clock):
    url = begin(client, public_computer="on")
    client.post(f"{url}answer/", {"code": code_for(alice)})
    assert not KnownDevice.objects.exists()
    clock.shift(5 * 60)
    assert signed_in_page(client) == 302


def test_ends_at_the_next_request_when_the_row_is_closed(client, alice, sign_in):
    sign_in(client, alice)
    services.end(row=Session.objects.get(), why=End.CLOSED, origin=services.Origin())
    assert signed_in_page(client) == 302


def test_cve_2025_65430_ends_with_the_user(client, alice, sign_in):
    sign_in(client, alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert signed_in_page(client) == 302


def test_outlives_a_cache_that_lost_everything(client, alice, sign_in):
    sign_in(client, alice)
    caches["default"].clear()
    assert signed_in_page(client) == 200


def test_is_not_opened_by_a_key_that_somebody_chose(client, alice):
    client.cookies["sid"] = "chosen-by-the-attacker-0123456789"
    url = begin(client)
    client.post(f"{url}answer/", {"code": code_for(alice)})
    thief = Client()
    thief.cookies["sid"] = "chosen-by-the-attacker-0123456789"
    assert signed_in_page(thief) == 302


def test_keeps_the_key_out_of_the_cache(client, alice, sign_in):
    sign_in(client, alice)
    key = client.cookies["sid"].value
    redis = caches["default"]._cache.get_client()
    stored = b"".join(redis.keys("*")) + b"".join(redis.mget(redis.keys("*")))
    assert key.encode() not in stored


def test_tells_of_a_new_device_once(client, alice, sign_in):
    sign_in(client, alice)
    client.post("/logout/")
    events = [e.event for e in Entry.objects.filter(user=alice).order_by("number")]
    assert Event.SIGNED_IN_NEW_DEVICE in events
    assert KnownDevice.objects.count() == 1


@pytest.mark.parametrize(
    ("staff", "public", "minutes"),
    [(False, False, 15), (True, False, 10), (False, True, 5), (True, True, 5)],
)
def test_takes_the_shortest_limit(staff, public, minutes):
    from accounts.sessions.rules import idle_minutes

    limits = {"client": 15, "staff": 10, "public": 5}
    assert idle_minutes(staff=staff, public_computer=public, limits=limits) == minutes


def test_is_not_kept_alive_by_a_page_that_polls(client, alice, sign_in, clock):
    sign_in(client, alice)
    clock.shift(10 * 60)
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 200
    clock.shift(5 * 60)
    assert signed_in_page(client) == 302


def test_rows_are_kept_for_a_time_and_no_longer(client, alice, sign_in, clock, settings):
    sign_in(client, alice)
    clock.shift(settings.SESSION_KEEP_DAYS * 86400)
    assert purge() == 0
    clock.shift(settings.ABSOLUTE_HOURS * 3600 + 1)
    assert purge() == 1
    assert KnownDevice.objects.count() == 1
    clock.shift(settings.DEVICE_COOKIE_AGE)
    assert purge() == 1


def used_here(user: User, client: Client) -> str | None:
    """What the user last signed in with in this browser."""
    series, token = halves(client.cookies["device"].value)
    origin = Origin(device=digest(series), device_token=digest(token))
    known = browsers.recognise(user_id=user.pk, origin=origin)
    return known and known.used


class TestLastAuthenticator:
    def test_is_what_completed_the_sign_in(self, client, alice, sign_in):
        sign_in(client, alice)
        assert used_here(alice, client) == Session.objects.get().device

    def test_is_none_in_a_browser_new_to_the_user(self, client, alice, bob, sign_in):
        sign_in(client, alice)
        assert used_here(bob, client) is None
        client.cookies["device"] = "never.seen"
        assert used_here(alice, client) is None

    def test_is_that_of_the_latest_session_there(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        Session.objects.update(device="sls.other/1")
        clock.shift(61)
        client.post("/logout/")
        sign_in(client, alice)
        latest = Session.objects.latest("opened_at")
        assert latest.device != "sls.other/1"
        assert used_here(alice, client) == latest.device

    def test_outlives_its_session(self, client, alice, sign_in, clock, settings):
        sign_in(client, alice)
        device = Session.objects.get().device
        clock.shift(timedelta(days=settings.SESSION_KEEP_DAYS + 1))
        assert purge() == 1
        assert used_here(alice, client) == device

    def test_is_unknown_where_no_session_was(self, client, alice, sign_in):
        sign_in(client, alice)
        token = Session.objects.get().browser_token
        Session.objects.all().delete()
        KnownDevice.objects.update(token=token)
        assert used_here(alice, client) == ""


class TestEnrolOnly:
    @pytest.fixture
    def row(self, client, alice, sign_in) -> Session:
        sign_in(client, alice)
        return Session.objects.get()

    @pytest.mark.parametrize(
        ("now", "zone", "narrow"),
        [
            ("2027-03-01T04:59:00Z", "America/New_York", False),
            ("2027-03-01T05:01:00Z", "America/New_York", True),
            ("2027-02-28T14:59:00Z", "Asia/Tokyo", False),
            ("2027-02-28T15:01:00Z", "Asia/Tokyo", True),
        ],
    )
    def test_begins_with_the_day_where_the_person_is(self, clock, now, zone, narrow):
        clock.move_to(now)
        row = Session(enrol_only_from=date(2027, 3, 1))
        with timezone.override(zone):
            assert row.is_enrol_only is narrow

    def test_is_demanded_of_open_sessions_only(self, row, alice):
        services.demand_enrolment([alice.pk], since=date(2027, 3, 1))
        row.refresh_from_db()
        assert row.enrol_only_from == date(2027, 3, 1)
        services.enrolment_done(row.key)
        services.end(row=row, why=End.CLOSED, origin=services.Origin())
        services.demand_enrolment([alice.pk], since=date(2027, 3, 1))
        row.refresh_from_db()
        assert row.enrol_only_from is None
