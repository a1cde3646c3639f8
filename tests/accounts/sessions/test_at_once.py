"""Only so many sessions at once: the oldest makes room."""

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.sessions import rules
from accounts.sessions.models import End, Session
from tests.attacks.tools import at_once, browser
from tests.cast import SEED, begin, code_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(alice, sign_in, clock):
    """Alice signs in, in a browser of its own, a minute after she last did."""

    def run(tab: Client | None = None) -> Client:
        clock.shift(61)
        return sign_in(tab or browser(), alice)

    return run


def is_in(tab: Client) -> bool:
    return tab.get("/").status_code == 200


@pytest.mark.parametrize(("count", "ends"), [(0, 0), (4, 0), (5, 1), (7, 3)])
def test_as_many_end_as_make_room_for_one(count, ends):
    assert rules.too_many(count, at_once=5) == ends


def test_the_oldest_ends_and_is_told_why(settings, enter):
    settings.SESSIONS_AT_ONCE = 2
    first, second, third = enter(), enter(), enter()
    assert [is_in(tab) for tab in (first, second, third)] == [False, True, True]
    assert Session.objects.earliest("opened_at").ended_why == End.AT_ONCE
    assert "signed in elsewhere" in first.get("/login/").content.decode()
    assert Entry.objects.filter(event=Event.SESSION_ENDED).count() == 1


def test_what_is_idle_takes_no_place(settings, enter, clock):
    settings.SESSIONS_AT_ONCE = 2
    used = enter()
    enter()
    for _ in range(2):
        clock.shift(10 * 60)
        assert is_in(used)
    enter()
    assert is_in(used)


def test_a_new_sign_in_in_the_same_browser_takes_its_own_place(settings, enter):
    settings.SESSIONS_AT_ONCE = 2
    other, mine = enter(), enter()
    enter(mine)
    assert is_in(other)
    assert is_in(mine)


def test_staff_may_have_two(sam, clock):
    tabs = [browser() for _ in range(3)]
    for tab in tabs:
        url = begin(tab, "sam")
        assert tab.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"}).status_code == 302
        clock.shift(31)
    assert [tab.get("/console/").status_code for tab in tabs] == [302, 200, 200]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_more_than_are_allowed(settings, alice, clock):
    settings.SESSIONS_AT_ONCE = 2
    answers = []
    for _ in range(4):
        clock.shift(61)
        tab = browser()
        answers.append((tab, f"{begin(tab)}answer/", code_for(alice)))

    def finish(number: int) -> int:
        tab, url, code = answers[number]
        return tab.post(url, {"code": code}).status_code

    assert at_once(4, finish) == [302] * 4
    assert Session.objects.filter(ended_at=None).count() == 2
    assert sum(is_in(tab) for tab, _url, _code in answers) == 2
