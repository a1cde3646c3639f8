"""What a run prints: tables for the eye, one line a goal for programs."""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed (nearest rank)."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


class Report:
    """Collects a value a round for each goal; the median decides."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        self._rounds: dict[str, list[float]] = defaultdict(list)
        self._must: dict[str, float] = {}
        self._units: dict[str, str] = {}
        self._at_least: set[str] = set()

    def note(
        self, goal: str, value: float, *, must: float, unit: str = "", at_least: bool = False
    ) -> None:
        """One round's value of a goal that is met by ``must`` or less, or ``at_least`` by more."""
        self._rounds[goal].append(value)
        if at_least:
            self._at_least.add(goal)
        self._must[goal], self._units[goal] = must, unit

    def verdict(self, goal: str, value: str, must: str, *, met: bool, more: str = "") -> None:
        """Prints the line of a goal."""
        if not met:
            self.missed.append(goal)
        say(f"{goal} value={value} must={must} {'ok' if met else 'MISS'}{more}")

    def conclude(self) -> None:
        """Prints the line of every goal noted so far."""
        for goal in sorted(self._rounds, key=_order):
            values, must, unit = self._rounds[goal], self._must[goal], self._units[goal]
            value = median(values)
            rounds = "  rounds: " + " ".join(f"{one:.3g}" for one in values)
            more = (f" {unit}" if unit else "") + rounds
            met = value >= must if goal in self._at_least else value <= must
            self.verdict(goal, f"{value:.3g}", f"{must:g}", met=met, more=more)
        self._rounds.clear()


def _order(goal: str) -> tuple[bool, int, str]:
    digits = "".join(filter(str.isdigit, goal.partition("_")[0]))
    return (not goal.startswith("G"), int(digits or 0), goal)


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints rows under a head, the first column left, the others right."""
    lines = [[_cell(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    say(f"\n{title}")
    for line in lines:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        say("  " + "  ".join([first, *rest]))


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def say(text: str) -> None:
    """A line of the report, at once."""
    print(text, flush=True)  # noqa: T201
