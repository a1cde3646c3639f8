"""One trading session a user name (DOMAIN 1.19, C16)."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message
from accounts.sessions.models import End, Session
from tests import phones
from tests.platforms import Platform, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(alice) -> Platform:
    platform = Platform()
    platform.sign_in()
    Message.objects.all().delete()
    return platform


def second(name: str = "tws") -> Platform:
    platform = Platform(name)
    platform.begin()
    return platform


def test_a_second_session_is_refused_until_it_takes_over(first):
    other = second()
    code = newest().code()
    step = other.answer(code)
    assert (step["kind"], step["reason"]) == ("refused", "session_in_use")
    assert first.session().status_code == 200
    assert other.step()["reason"] == "session_in_use"
    assert other.answer(code)["reason"] == "session_in_use"
    assert other.answer(code, take_over=True)["kind"] == "done"
    ended = first.session()
    assert (ended.status_code, ended.json()["reason"]) == (401, "taken_over")
    assert other.session().status_code == 200
    assert Session.objects.get(ended_at=None).key != Session.objects.get(ended_why=End.TAKEN_OVER)
    entry = Entry.objects.filter(event=Event.SESSION_ENDED).latest("number")
    assert entry.detail["why"] == "taken_over"


def test_nothing_is_told_before_everything_is_proven(first):
    other = second()
    wrong = f"{(int(newest().code()) + 1) % 1_000_000:06d}"
    step = other.answer(wrong, take_over=True)
    assert step["error"]["code"] == "wrong"
    assert first.session().status_code == 200


def test_it_may_be_said_at_once(first):
    other = second()
    assert other.answer(newest().code(), take_over=True)["kind"] == "done"
    assert first.session().status_code == 401


def test_another_answer_than_the_right_one_ends_the_attempt(first):
    other = second()
    code = newest().code()
    other.answer(code)
    assert other.answer(f"{(int(code) + 1) % 1_000_000:06d}", take_over=True)["reason"] == "expired"
    assert other.answer(code, take_over=True)["reason"] == "expired"
    assert first.session().status_code == 200


def test_it_waits_for_minutes_only(first, clock):
    other = second()
    code = newest().code()
    other.answer(code)
    clock.shift(181)
    assert other.answer(code, take_over=True)["reason"] == "expired"


def test_what_is_proven_asks_for_nothing_more(first):
    other = second()
    other.answer(newest().code())
    step = other.step(other.go("resend", {"delivery": "sms"}))
    assert step["reason"] == "session_in_use"
    assert Message.objects.count() == 1


def test_webtrader_is_a_trading_platform_and_the_mobile_app_is_none(first, clock):
    assert second("webtrader").answer(newest().code())["reason"] == "session_in_use"
    clock.shift(61)
    assert second("mobile_ios").answer(newest().code())["kind"] == "done"
    assert first.session().status_code == 200


def test_a_session_that_is_over_stands_in_nobodys_way(first, clock):
    clock.shift(61 * 60)
    assert second().answer(newest().code())["kind"] == "done"


def test_an_approval_is_not_typed_again(first, alice):
    phone = phones.activated(alice)
    other = second()
    step = other.choose("ib_key")
    phone.approve(phone.waits(), step["match"])
    assert other.step()["reason"] == "session_in_use"
    assert other.answer("", take_over=True)["kind"] == "done"
    assert first.session().status_code == 401
