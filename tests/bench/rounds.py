"""How much is measured, and the measured rounds themselves."""

from dataclasses import dataclass

from tests.bench.people import Person
from tests.bench.report import Report
from tests.bench.stack import Stack


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of a run."""

    rounds: int = 3
    bare: int = 300  # bare views, twice a round
    flows: int = 30  # sign-ins of one client in a round
    crowd: int = 8  # clients at once
    crowd_flows: int = 10  # sign-ins of each
    pages: int = 40  # GETs of each page
    clicks: int = 40  # resends of a series
    waits: int = 20  # posts of the series that must not wait
    hashes: int = 20  # passwords of each kind with the real hash


QUICK = Sizes(rounds=1, bare=100, flows=8, crowd_flows=3, pages=10, clicks=8, waits=6, hashes=4)


@dataclass(frozen=True, slots=True)
class Run:
    """What every measurement gets."""

    stack: Stack
    sizes: Sizes
    report: Report
    people: list[Person]  # cheap hash
    careful: list[Person]  # real hash
