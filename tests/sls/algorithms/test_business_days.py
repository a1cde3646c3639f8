"""The days on which banks move dollars; the holidays are those that the Federal Reserve lists."""

from datetime import date

import pytest

from sls.algorithms.business_days import first_of, holidays, is_business_day

# https://www.federalreserve.gov/aboutthefed/k8.htm
LISTED = {
    2026: "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-19 07-05 09-06 10-11 11-11 11-25",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25",
}


@pytest.mark.parametrize("year", LISTED)
def test_knows_the_holidays_of_the_federal_reserve(year):
    listed = {date.fromisoformat(f"{year}-{day}") for day in LISTED[year].split()}
    assert {day for day in listed if is_business_day(day)} == set()
    assert listed <= holidays(year)
    assert {day for day in holidays(year) - listed if day.weekday() < 5} == set()


def test_a_holiday_on_a_saturday_is_not_made_up_for():
    assert date(2026, 7, 4).weekday() == 5
    assert is_business_day(date(2026, 7, 3))
    assert is_business_day(date(2026, 7, 6))


def test_a_holiday_on_a_sunday_moves_to_monday():
    assert date(2027, 7, 4).weekday() == 6
    assert not is_business_day(date(2027, 7, 5))


@pytest.mark.parametrize(
    ("until", "first"),
    [
        ("2026-11-20", "2026-11-16"),  # Friday: Monday to Friday
        ("2026-11-18", "2026-11-12"),  # Wednesday: from Thursday on
        ("2026-11-21", "2026-11-16"),  # Saturday: still Monday to Friday
        ("2026-11-22", "2026-11-16"),
        ("2026-11-23", "2026-11-17"),  # Monday
        ("2026-11-30", "2026-11-23"),  # Monday after Thanksgiving, which does not count
        ("2027-01-04", "2026-12-28"),  # over the year, without 1 January
    ],
)
def test_five_business_days_reach_back(until, first):
    assert first_of(5, until=date.fromisoformat(until)) == date.fromisoformat(first)
