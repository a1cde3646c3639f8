"""A notice narrows and never widens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.algorithms.risk import Level, Signal, score
from sls.login.rules import Choose, Facts, Refuse, Way, Why, careful, decide, enough
from sls.methods.rules import Strength
from sls.travel.rules import (
    AHEAD,
    MOST_DAYS,
    Days,
    Refusal,
    Stage,
    refusal,
    room_for,
    signals,
    weighed,
)
from sls.travel.rules import stage as stage_of

TODAY = date(2026, 5, 4)
DAY = timedelta(days=1)
KNOWN = {"JP", "US", "DE"} | {f"{a}{b}" for a in "XY" for b in "ABCDEFGHIJ"}
SMS = Way("sms", Strength.TELEPHONE, permanent=False, sent=True)
CODES = Way("codes", Strength.TELEPHONE, permanent=False, sent=False)
APP = Way("app", Strength.TYPED_CODE, permanent=True, sent=False)
KEY = Way("key", Strength.PHISHING_RESISTANT, permanent=True, sent=False)

countries = st.sampled_from(["", "US", "JP", "DE", "FR"])
some_countries = st.lists(st.sampled_from(["US", "JP", "DE", "FR"]), unique=True)
some_signals = st.sets(st.sampled_from([one for one in Signal if one != Signal.OUTSIDE_TRAVEL]))
some_ways = st.lists(st.sampled_from([SMS, CODES, APP, KEY]), unique=True)


@given(some_signals, some_countries, countries, some_countries)
def test_a_notice_never_lowers_the_level(found, announced, country, home):
    without = weighed(found, [], country=country, home=home)
    with_it = weighed(found, announced, country=country, home=home)
    assert with_it.level >= without.level
    assert set(without.signals) <= set(with_it.signals)


@given(some_signals, some_countries, countries, some_countries)
def test_the_level_is_the_greater_one_of_what_it_was_and_the_narrowing(
    found, announced, country, home
):
    without = weighed(found, [], country=country, home=home).level
    outside = bool(announced) and country not in {*announced, *home} - {""}
    floor = Level.STRONGER if outside else Level.USUAL
    assert weighed(found, announced, country=country, home=home).level is max(without, floor)


def rank(facts: Facts) -> tuple[int, int]:
    """How hard a sign-in is: how many ways are left out, then what is demanded of the rest."""
    decision = decide(facts)
    if isinstance(decision, Refuse):
        return len(facts.ways), Strength.PHISHING_RESISTANT
    left = getattr(decision, "devices", ())
    return len(facts.ways) - len(left), getattr(decision, "careful", 0)


@given(
    some_signals, some_countries, countries, some_countries, some_ways, st.booleans(), st.booleans()
)
def test_a_sign_in_takes_no_less_with_a_notice_than_without(
    found, announced, country, home, ways, locked, lost
):
    def facts(named: list[str]) -> Facts:
        return Facts(
            active=True,
            frozen=False,
            activated=True,
            ways=ways,
            has_number=True,
            locked=locked,
            lost_own=lost,
            risk=weighed(found, named, country=country, home=home).level,
        )

    assert rank(facts(announced)) >= rank(facts([]))


@given(some_signals, some_countries, some_countries)
def test_to_be_where_one_said_is_as_unusual_as_without_a_notice(found, announced, home):
    for country in announced:
        assert weighed(found, announced, country=country, home=home) == score(found)


TRIP, HOME = ["JP"], ["US"]
BEFORE, DURING = [], TRIP  # on which day: a notice that is not in force names no country


@pytest.mark.parametrize(
    ("country", "on", "found", "ways", "offered"),
    [
        ("JP", DURING, set(), [SMS, APP], ["app", "sms"]),
        ("US", DURING, set(), [SMS, APP], ["app", "sms"]),
        ("DE", DURING, set(), [SMS, APP], ["app"]),
        ("DE", BEFORE, set(), [SMS, APP], ["app", "sms"]),
        ("", DURING, set(), [SMS, APP], ["app"]),
        ("", BEFORE, set(), [SMS, APP], ["app", "sms"]),
        ("DE", DURING, set(), [CODES, KEY], ["key"]),
        ("DE", DURING, set(), [SMS], ["sms"]),  # nothing stronger was ever held
        # Announced, and in a new browser: what is usual without a notice.
        ("JP", DURING, {Signal.NEW_COUNTRY, Signal.NEW_DEVICE}, [SMS, APP], ["app"]),
        ("JP", BEFORE, {Signal.NEW_COUNTRY, Signal.NEW_DEVICE}, [SMS, APP], ["app"]),
    ],
)
def test_what_is_offered_by_country_day_and_factor(country, on, found, ways, offered):
    risk = weighed(found, on, country=country, home=HOME).level
    facts = Facts(True, False, True, ways, has_number=True, risk=risk)
    decision = decide(facts)
    assert list(decision.devices) == offered
    assert isinstance(decision, Choose) is (len(offered) > 1)


def test_who_lost_the_stronger_factor_to_a_guesser_is_refused_elsewhere():
    risk = weighed(set(), TRIP, country="DE", home=HOME).level
    facts = Facts(True, False, True, [SMS], has_number=True, risk=risk, lost_own=True)
    assert decide(facts) == Refuse(Why.UNUSUAL)
    assert not enough([SMS], careful(risk, [SMS], lost_own=True))


@pytest.mark.parametrize(
    ("country", "announced", "home", "is_outside"),
    [
        ("DE", ["JP"], ["US"], True),
        ("JP", ["JP"], ["US"], False),
        ("US", ["JP"], ["US"], False),
        ("US", ["JP"], [], True),
        ("", ["JP"], ["US"], True),
        ("", ["JP"], [""], True),
        ("DE", [], ["US"], False),
        ("", [], [], False),
    ],
)
def test_only_the_announced_countries_and_home_are_expected(country, announced, home, is_outside):
    assert bool(signals(announced, country=country, home=home)) is is_outside


@pytest.mark.parametrize(
    ("first", "last", "named", "why"),
    [
        (TODAY, TODAY, ["JP"], None),
        (TODAY, TODAY + 89 * DAY, ["JP"], None),
        (TODAY, TODAY + 90 * DAY, ["JP"], Refusal.TOO_LONG),
        (TODAY + AHEAD, TODAY + AHEAD, ["JP"], None),
        (TODAY + AHEAD + DAY, TODAY + AHEAD + DAY, ["JP"], Refusal.TOO_FAR),
        (TODAY - DAY, TODAY, ["JP"], Refusal.PAST),
        (TODAY + DAY, TODAY, ["JP"], Refusal.BACKWARDS),
        (TODAY, TODAY, [], Refusal.NO_COUNTRY),
        (TODAY, TODAY, ["JP", "ZZ"], Refusal.UNKNOWN_COUNTRY),
        (TODAY, TODAY, sorted(KNOWN)[-10:], None),
        (TODAY, TODAY, sorted(KNOWN)[-11:], Refusal.COUNTRIES),
        (date.max, date.max, ["JP"], Refusal.TOO_FAR),
    ],
)
def test_bounds_what_may_be_announced(first, last, named, why):
    assert refusal(Days(first, last), named, today=TODAY, known=KNOWN) is why
    assert MOST_DAYS == 90


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (10, 12, None),
        (1, 4, None),
        (1, 5, Refusal.OVERLAP),
        (9, 12, Refusal.OVERLAP),
        (6, 7, Refusal.OVERLAP),
        (1, 20, Refusal.OVERLAP),
    ],
)
def test_a_day_belongs_to_one_journey(first, last, why):
    taken = Days(TODAY + 5 * DAY, TODAY + 9 * DAY)
    assert room_for(Days(TODAY + first * DAY, TODAY + last * DAY), [taken]) is why


def test_ten_journeys_are_enough():
    taken = [Days(TODAY + n * DAY, TODAY + n * DAY) for n in range(10)]
    assert room_for(Days(TODAY + 50 * DAY, TODAY + 50 * DAY), taken) is Refusal.FULL
    assert room_for(Days(TODAY + 50 * DAY, TODAY + 50 * DAY), taken[1:]) is None


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "ended", "found"),
    [
        (NOON, NOON + DAY, None, Stage.NOW),
        (NOON + DAY, NOON + 2 * DAY, None, Stage.COMING),
        (NOON - DAY, NOON, None, Stage.OVER),
        (NOON - DAY, NOON + DAY, NOON, Stage.ENDED),
    ],
)
def test_it_begins_and_ends_by_itself(starts, ends, ended, found):
    assert stage_of(NOON, starts=starts, ends=ends, ended=ended) is found
