"""What is usual for a person, as short text on the user's row. Pure.

It is read with the row, which every sign-in loads, and written in the statement that moves the
audit chain: it costs no statement. Kept are countries (approximate, and no address), the hours of
the day in the person's own zone, and place and time of the last sign-in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sls.algorithms.risk import Signal

COUNTRIES_KEPT, COUNTRY_DAYS = 12, 180  # the latest, and for how long after the last sign-in there
# Whoever is in another country so soon may have crossed a border by train; weighed, not forbidden.
# It needs no table of distances, and it does not pretend to know a place better than its country.
TRAVEL = timedelta(hours=2)
ENOUGH = 20  # sign-ins after which hours mean something
NEAR = 2  # hours to either side that count as the same time of day
MOST = 99  # of an hour; then all are halved, so that new habits count


@dataclass(frozen=True, slots=True)
class Habits:
    """``countries`` with the day (ordinal) of the last sign-in there; ``hours`` counts sign-ins by
    hour of the day; ``place`` and ``at`` (seconds since the epoch) are of the last one."""

    countries: Mapping[str, int] = field(default_factory=dict)
    hours: Sequence[int] = (0,) * 24
    place: str = ""
    at: int = 0


def read(text: str) -> Habits:
    """What was kept; nothing is known where nothing, or nothing readable, was."""
    try:
        kept = json.loads(text)
        found = Habits(dict(kept["c"]), tuple(kept["h"]), str(kept["p"]), int(kept["t"]))
    except (ValueError, TypeError, KeyError):
        return Habits()
    return found if len(found.hours) == 24 else Habits()


def signals(habits: Habits, *, country: str, at: datetime) -> set[Signal]:
    """What is unusual about a sign-in from ``country`` ("" for none known) at ``at``, which is in
    the person's zone. Of somebody of whom nothing is known, nothing is unusual."""
    found = set()
    if country and habits.countries and country not in habits.countries:
        found.add(Signal.NEW_COUNTRY)
    gap = timedelta(seconds=at.timestamp() - habits.at)
    if country and habits.place not in ("", country) and gap < TRAVEL:
        found.add(Signal.TRAVEL)
    near = sum(habits.hours[(at.hour + hour) % 24] for hour in range(-NEAR, NEAR + 1))
    if sum(habits.hours) >= ENOUGH and not near:
        found.add(Signal.HOUR)
    return found


def after(habits: Habits, *, country: str, at: datetime) -> str:
    """What is kept once a sign-in is complete."""
    today = at.date().toordinal()
    countries = {
        code: day for code, day in habits.countries.items() if day > today - COUNTRY_DAYS
    } | ({country: today} if country else {})
    latest = sorted(countries.items(), key=lambda one: one[1])[-COUNTRIES_KEPT:]
    hours = list(habits.hours)
    hours[at.hour] += 1
    if hours[at.hour] > MOST:
        hours = [count // 2 for count in hours]
    place, last = (country, int(at.timestamp())) if country else (habits.place, habits.at)
    kept = {"c": dict(latest), "h": hours, "p": place, "t": last}
    return json.dumps(kept, separators=(",", ":"))
