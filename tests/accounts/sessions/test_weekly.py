"""How long sessions of other platforms last, and what their owners hear (DOMAIN 1.20, C12, C13)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions import rules, weekly
from accounts.sessions.models import End, Session
from tests import phones
from tests.platforms import Platform

NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hour", "ends"),
    [
        ("2026-11-26T12:00+00:00", 1, "2026-11-29T06:00+00:00"),
        ("2026-11-29T05:59+00:00", 1, "2026-11-29T06:00+00:00"),
        ("2026-11-29T06:00+00:00", 1, "2026-12-06T06:00+00:00"),
        ("2026-11-29T23:00+00:00", 23, "2026-11-30T04:00+00:00"),
        # Clocks go back on 1 November, and forward on 14 March at 02:00.
        ("2026-10-30T12:00+00:00", 1, "2026-11-01T05:00+00:00"),
        ("2026-10-30T12:00+00:00", 3, "2026-11-01T08:00+00:00"),
        ("2027-03-12T12:00+00:00", 3, "2027-03-14T07:00+00:00"),
        ("2027-03-12T12:00+00:00", 1, "2027-03-14T06:00+00:00"),
    ],
)
def test_a_week_ends_on_sunday_by_the_clock_on_the_wall(now, hour, ends):
    found = rules.week_ends(datetime.fromisoformat(now), zone=NEW_YORK, hour=hour)
    assert found == datetime.fromisoformat(ends)


def at(clock, moment: datetime) -> None:
    clock.move_to(moment)


def session(name: str, username: str = "alice") -> tuple[Platform, datetime]:
    platform = Platform(name)
    shown = platform.sign_in(username)
    return platform, datetime.fromisoformat(shown["expires_at"])


@pytest.mark.parametrize(
    ("name", "ends", "idle"),
    [
        ("tws", datetime(2026, 11, 29, 6, tzinfo=UTC), 3600),
        ("api", datetime(2026, 11, 29, 6, tzinfo=UTC), 3600),
        ("webtrader", THURSDAY + timedelta(hours=12), 900),
        ("mobile_ios", THURSDAY + timedelta(hours=12), 12 * 3600),
        ("mobile_android", THURSDAY + timedelta(hours=12), 12 * 3600),
    ],
)
def test_each_platform_has_its_times(alice, clock, name, ends, idle):
    at(clock, THURSDAY)
    _platform, expires = session(name)
    assert abs(expires - ends) < timedelta(seconds=10)
    assert Session.objects.get().idle_seconds == idle


def test_biometrics_let_the_mobile_app_in_for_longer(alice, clock):
    at(clock, THURSDAY)
    phone = phones.activated(alice)
    platform = Platform("mobile_ios")
    platform.begin()
    step = platform.choose("ib_key")
    shown = platform.answer(phone.respond(step["challenge"]))["session"]
    expires = datetime.fromisoformat(shown["expires_at"])
    assert abs(expires - THURSDAY - timedelta(hours=30)) < timedelta(seconds=10)


def test_the_mobile_app_is_out_on_sunday_where_its_owner_is(dai, clock):
    at(clock, datetime(2026, 11, 28, 12, tzinfo=UTC))
    _platform, expires = session("mobile_ios", "dai")
    assert expires == datetime(2026, 11, 28, 16, tzinfo=UTC)  # 01:00 in Tokyo


def test_the_client_chooses_the_hour(dai, clock):
    at(clock, THURSDAY)
    assert weekly.set_hour(user_id=dai.pk, hour=20, origin=SYSTEM)
    assert not weekly.set_hour(user_id=dai.pk, hour=20, origin=SYSTEM)
    _platform, expires = session("tws", "dai")
    assert expires == datetime(2026, 11, 29, 11, tzinfo=UTC)  # 20:00 in Tokyo
    with pytest.raises(ValueError, match="no hour"):
        weekly.set_hour(user_id=dai.pk, hour=24, origin=SYSTEM)


def test_a_tws_goes_on_while_it_calls_and_ends_with_the_week(alice, clock):
    at(clock, datetime(2026, 11, 28, 12, tzinfo=UTC))
    platform, expires = session("tws")
    while timezone.now() + timedelta(minutes=50) < expires:
        assert platform.session().status_code == 200
        clock.shift(50 * 60)
    assert platform.session().status_code == 200
    at(clock, expires)
    ended = platform.session()
    assert (ended.status_code, ended.json()["reason"]) == (401, "weekly")


def test_without_a_call_it_ends_after_an_hour(alice, clock):
    platform, _ = session("tws")
    clock.shift(3601)
    assert platform.session().json()["reason"] == "idle"


def test_the_owner_is_reminded_a_day_before_and_told_when_it_lapsed(alice, clock):
    at(clock, THURSDAY)
    platform, expires = session("tws")
    Session.objects.update(idle_seconds=7 * 86400)  # a TWS that calls all the time
    assert weekly.tell() == 0
    at(clock, expires - timedelta(hours=23))
    assert weekly.tell() == 1
    assert weekly.tell() == 0
    entry = Entry.objects.get(event=Event.SESSION_ENDS)
    assert entry.detail["platform"] == "tws"
    assert Message.objects.get(name="session_ends").to == "alice@example.com"
    at(clock, expires + timedelta(minutes=1))
    assert weekly.tell() == 1
    assert weekly.tell() == 0
    assert Session.objects.get().ended_why == End.WEEKLY
    assert Entry.objects.filter(event=Event.SESSION_LAPSED).count() == 1
    assert Message.objects.filter(name="session_lapsed").count() == 1
    assert platform.session().json()["reason"] == "weekly"


def test_a_call_after_the_end_tells_as_much_and_once(alice, clock):
    at(clock, THURSDAY)
    platform, expires = session("api")
    Session.objects.update(idle_seconds=7 * 86400)
    at(clock, expires)
    platform.session()
    assert weekly.tell() == 0
    assert Entry.objects.filter(event=Event.SESSION_LAPSED).count() == 1


def test_who_signs_in_just_before_the_end_is_not_reminded(alice, clock):
    at(clock, datetime(2026, 11, 28, 12, tzinfo=UTC))
    session("tws")
    assert weekly.tell() == 0


def test_nobody_hears_of_a_session_that_was_left_long_ago(alice, clock):
    at(clock, THURSDAY)
    _platform, expires = session("tws")
    at(clock, expires - timedelta(hours=1))
    assert weekly.tell() == 0
    at(clock, expires + timedelta(hours=1))
    weekly.tell()
    assert Session.objects.get().ended_why == End.IDLE
    assert not Entry.objects.filter(event=Event.SESSION_LAPSED).exists()
