"""Business days of banks that move US dollars: Monday to Friday, without the holidays of the
Federal Reserve. A holiday on a Saturday is not made up for; one on a Sunday moves to Monday."""

from datetime import date, timedelta

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
DAY = timedelta(days=1)


def is_business_day(day: date) -> bool:
    """Whether banks work on ``day``."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def first_of(count: int, *, until: date) -> date:
    """The first of the last ``count`` business days up to and including ``until``.

    A day on which no bank works belongs to those before it.
    """
    day = until
    while True:
        count -= is_business_day(day)
        if count <= 0:
            return day
        day -= DAY


def holidays(year: int) -> frozenset[date]:
    """The days of ``year`` on which the Federal Reserve's banks are closed."""
    fixed = (date(year, *day) for day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)))
    return frozenset(
        {
            *(day + DAY if day.weekday() == SUNDAY else day for day in fixed),
            _weekday(year, 1, MONDAY, 3),  # Martin Luther King
            _weekday(year, 2, MONDAY, 3),  # Washington's birthday
            _weekday(year, 6, MONDAY, 1) - 7 * DAY,  # Memorial Day, the last Monday of May
            _weekday(year, 9, MONDAY, 1),  # Labor Day
            _weekday(year, 10, MONDAY, 2),  # Columbus Day
            _weekday(year, 11, THURSDAY, 4),  # Thanksgiving
        }
    )


def _weekday(year: int, month: int, weekday: int, place: int) -> date:
    """The ``place``-th such weekday of the month."""
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (place - 1)) * DAY
