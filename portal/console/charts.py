"""Figures as rows and bars: drawn as SVG by the templates, and written beside them as numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.outbox.figures.services import Figures
from accounts.outbox.models import Channel
from accounts.places import name_of

HEIGHT = 100  # of the chart of hours, in its own units
LEAST = 20  # codes below which a rate says little
LOW = 40  # per cent of codes used below which a row is marked


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``low`` marks a conversion that somebody should look at."""

    name: str
    figures: Figures
    low: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: all codes, and the part of them that was used."""

    at: datetime
    x: int
    height: int
    used: int
    figures: Figures | None

    @property
    def top(self) -> int:
        return HEIGHT - self.height

    @property
    def used_top(self) -> int:
        return HEIGHT - self.used


def rows(figures: Sequence[Figures], named: Callable[[str], str]) -> list[Row]:
    """The rows of a table, with their names in words."""
    return [Row(named(one.name), one, _is_low(one)) for one in figures]


def _is_low(one: Figures) -> bool:
    return one.codes >= LEAST and one.conversion is not None and one.conversion < LOW


def country(code: str) -> str:
    """A country in words."""
    return name_of(code) or code or _("Not known")


def line(kind: str) -> str:
    """A kind of line in words."""
    return {
        "mobile": _("Mobile"),
        "landline": _("Landline"),
        "voip": _("Internet telephony"),
    }.get(kind, _("Not known"))


def carrier(name: str) -> str:
    """A carrier by the name that it was told by."""
    return name or _("Not known")


def channel(value: str) -> str:
    """A channel in words."""
    return str(Channel(value).label)


def hours(figures: Sequence[tuple[datetime, Figures]], *, days: int) -> list[Bar]:
    """The hours up to now, also those in which nothing was sent."""
    found = dict(figures)
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    times = [last - timedelta(hours=back) for back in range(24 * days - 1, -1, -1)]
    most = max((one.codes for one in found.values()), default=0)
    return [_bar(place, at, found.get(at), most) for place, at in enumerate(times)]


def _bar(place: int, at: datetime, one: Figures | None, most: int) -> Bar:
    codes, used = (one.codes, one.used) if one else (0, 0)
    height = round(HEIGHT * codes / most) if most else 0
    return Bar(at, 10 * place, height, round(height * used / codes) if codes else 0, one)
