"""What a travel notice may say, and what it does to a sign-in. Pure.

A notice only narrows (FIRSTS 4): it can add ``Signal.OUTSIDE_TRAVEL`` to what is unusual about a
sign-in, and it takes nothing away. To be in an announced country stays as unusual as it is without
a notice, so that nobody gains by announcing one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sls.algorithms.risk import Risk, Signal, score

MOST_DAYS = 90  # the first and the last included
AHEAD = timedelta(days=365)
MOST_COUNTRIES = 10
MOST_OPEN = 10  # in force or coming


class Refusal(StrEnum):
    """Why a notice is not taken."""

    BACKWARDS = "backwards"
    PAST = "past"
    TOO_LONG = "too_long"
    TOO_FAR = "too_far"
    NO_COUNTRY = "no_country"
    COUNTRIES = "countries"
    UNKNOWN_COUNTRY = "unknown_country"
    DEVICES = "devices"
    OVERLAP = "overlap"
    FULL = "full"
    GONE = "gone"


class Stage(StrEnum):
    """Where a notice stands."""

    COMING = "coming"
    NOW = "now"
    OVER = "over"
    ENDED = "ended"  # by its owner


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: date
    last: date

    def overlaps(self, other: "Days") -> bool:
        return self.first <= other.last and other.first <= self.last


def refusal(
    days: Days, countries: Collection[str], *, today: date, known: Collection[str]
) -> Refusal | None:
    """Why a notice of ``countries`` for ``days`` is refused; ``today`` is in the owner's zone."""
    if days.last < days.first:
        return Refusal.BACKWARDS
    if days.first < today:
        return Refusal.PAST
    if days.first > today + AHEAD:
        return Refusal.TOO_FAR
    if (days.last - days.first).days >= MOST_DAYS:
        return Refusal.TOO_LONG
    if not countries:
        return Refusal.NO_COUNTRY
    if len(set(countries)) > MOST_COUNTRIES:
        return Refusal.COUNTRIES
    return None if set(countries) <= set(known) else Refusal.UNKNOWN_COUNTRY


def room_for(days: Days, others: Collection[Days]) -> Refusal | None:
    """Why there is no room for a further notice beside the ``others`` that are not over."""
    if len(others) >= MOST_OPEN:
        return Refusal.FULL
    return Refusal.OVERLAP if any(days.overlaps(one) for one in others) else None


def signals(announced: Collection[str], *, country: str, home: Collection[str]) -> set[Signal]:
    """What a notice in force adds about a sign-in from ``country``, "" where none is known.

    ``announced`` is empty where no notice is in force. Only the announced countries and ``home``
    are expected; an address without a country is neither.
    """
    is_expected = bool(country) and (country in announced or country in home)
    return {Signal.OUTSIDE_TRAVEL} if announced and not is_expected else set()


def weighed(
    found: Iterable[Signal], announced: Collection[str], *, country: str, home: Collection[str]
) -> Risk:
    """How unusual a sign-in is of which ``found`` is unusual in any case."""
    return score({*found, *signals(announced, country=country, home=home)})


def stage(now: datetime, *, starts: datetime, ends: datetime, ended: datetime | None) -> Stage:
    """Where a notice stands at ``now``; it ends by itself."""
    if ended is not None:
        return Stage.ENDED
    if now >= ends:
        return Stage.OVER
    return Stage.NOW if now >= starts else Stage.COMING
