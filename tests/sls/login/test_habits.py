"""What is usual for a person, kept as short text."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.users.models import User
from sls.algorithms.risk import Signal
from sls.login.habits import COUNTRIES_KEPT, Habits, after, read, signals

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("America/New_York"))
DAY = timedelta(days=1)
TEXT_MAX = User._meta.get_field("habits").max_length
countries = st.sampled_from(["US", "JP", "DE", "BR", ""])
moments = st.integers(0, 365 * 24).map(lambda hours: NOON + timedelta(hours=hours))


def kept(*stays: tuple[str, datetime]) -> Habits:
    text = ""
    for country, at in stays:
        text = after(read(text), country=country, at=at)
    return read(text)


@given(countries, moments)
def test_finds_nothing_unusual_where_nothing_is_known(country, at):
    assert signals(read(""), country=country, at=at) == set()


@given(st.lists(st.tuples(countries, moments), max_size=40))
def test_always_fits_into_its_column_and_is_read_back(stays):
    text = ""
    for country, at in stays:
        text = after(read(text), country=country, at=at)
        assert len(text) <= TEXT_MAX
        assert after(read(text), country="", at=at)
    if stays:
        assert sum(read(text).hours) > 0


def test_fits_into_its_column_at_its_fullest():
    full = Habits({f"A{letter}": 739_999 for letter in "BCDEFGHIJKLMN"}, (99,) * 24, "US", 2**33)
    text = after(full, country="US", at=NOON)
    assert len(text) <= TEXT_MAX
    assert len(read(text).countries) == COUNTRIES_KEPT


def test_knows_a_new_country_from_a_usual_one():
    usual = kept(("US", NOON - 30 * DAY), ("DE", NOON - 20 * DAY), ("US", NOON - 10 * DAY))
    assert signals(usual, country="DE", at=NOON) == set()
    assert signals(usual, country="JP", at=NOON) == {Signal.NEW_COUNTRY}
    assert signals(usual, country="", at=NOON) == set()


def test_forgets_a_country_after_half_a_year():
    usual = kept(("DE", NOON - 181 * DAY), ("US", NOON - DAY))
    assert Signal.NEW_COUNTRY in signals(usual, country="DE", at=NOON)


@pytest.mark.parametrize(("minutes", "found"), [(119, {Signal.TRAVEL}), (121, set())])
def test_notices_another_country_within_two_hours(minutes, found):
    usual = kept(("DE", NOON - 9 * DAY), ("US", NOON - timedelta(minutes=minutes)))
    assert signals(usual, country="DE", at=NOON) == found
    assert Signal.TRAVEL not in signals(usual, country="US", at=NOON)


def test_an_address_without_a_country_hides_no_place():
    """Whoever comes by a private network in between does not make the last place forgotten."""
    hour = timedelta(hours=1)
    usual = kept(("DE", NOON - DAY), ("US", NOON - hour), ("", NOON - hour / 2))
    assert signals(usual, country="DE", at=NOON) == {Signal.TRAVEL}


def test_notices_an_unusual_hour_once_enough_is_known():
    few = kept(*(("US", NOON - day * DAY) for day in range(1, 20)))
    many = kept(*(("US", NOON - day * DAY) for day in range(1, 21)))
    night = NOON.replace(hour=3)
    assert signals(few, country="US", at=night) == set()
    assert signals(many, country="US", at=night) == {Signal.HOUR}
    assert signals(many, country="US", at=NOON.replace(hour=14)) == set()
    assert signals(many, country="US", at=NOON.replace(hour=15)) == {Signal.HOUR}


def test_hours_lie_around_midnight():
    usual = kept(*(("US", NOON.replace(hour=23) - day * DAY) for day in range(1, 30)))
    assert signals(usual, country="US", at=NOON.replace(hour=1)) == set()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"c":{},"h":[1],"p":"","t":0}', "{}"])
def test_takes_what_it_cannot_read_as_nothing(text):
    assert read(text) == Habits()
