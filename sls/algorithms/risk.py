"""How unusual a sign-in is, from what is unusual about it.

Each signal has a weight that is never negative, and the weights are added up: one signal more never
leads to a lower level. What a level means for a sign-in is the sign-in's to say (``login/rules``).

=======================  ======================================================================
usual                    below 25: nothing happens
alert                    from 25: the owner is told
stronger                 from 40: besides, an authenticator of the client's own is demanded
refused                  from 90, and never in a browser that is known: only a passkey gets in
=======================  ======================================================================

So a new device alone changes nothing (every one is told anyway); from a new country as well it
takes the stronger factor; refused is what is new in device and country, too soon after a sign-in
elsewhere, and follows wrong passwords or a change of contact.

A travel notice adds no weight: while one is in force, what is neither announced nor home takes
the stronger factor at least. So the level is the greater one of that and of what it is without.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Signal(StrEnum):
    """What may be unusual about a sign-in. Stored in the audit: add, never rename."""

    NEW_DEVICE = "new_device"
    NEW_COUNTRY = "new_country"
    TRAVEL = "travel"  # in another country too soon after the last sign-in
    HOUR = "hour"
    FAILURES = "failures"  # several wrong passwords just before
    OUTSIDE_TRAVEL = "outside_travel"  # neither announced for this journey nor home
    CONTACT = "contact"  # an address, a number or its SIM card is new


WEIGHTS = {
    Signal.TRAVEL: 30,
    Signal.NEW_COUNTRY: 25,
    Signal.NEW_DEVICE: 20,
    Signal.CONTACT: 20,
    Signal.FAILURES: 15,
    Signal.HOUR: 10,
    Signal.OUTSIDE_TRAVEL: 0,
}


class Level(IntEnum):
    """How unusual; compared, never added up."""

    USUAL = 0
    ALERT = 1
    STRONGER = 2
    REFUSED = 3


# What a signal leads to at least, whatever all of them weigh.
LEAST = {Signal.OUTSIDE_TRAVEL: Level.STRONGER}

_FROM = ((90, Level.REFUSED), (40, Level.STRONGER), (25, Level.ALERT))


@dataclass(frozen=True, slots=True)
class Risk:
    """``signals`` are the reasons, weightiest first."""

    level: Level = Level.USUAL
    signals: tuple[Signal, ...] = ()


def score(signals: Iterable[Signal]) -> Risk:
    """Weighs the signals; a repeated one counts once."""
    given = set(signals)
    found = tuple(signal for signal in WEIGHTS if signal in given)
    total = sum(WEIGHTS[signal] for signal in found)
    level = next((level for least, level in _FROM if total >= least), Level.USUAL)
    if Signal.NEW_DEVICE not in given:
        level = min(level, Level.STRONGER)
    level = max([level, *(LEAST[signal] for signal in found if signal in LEAST)])
    return Risk(level, found)
