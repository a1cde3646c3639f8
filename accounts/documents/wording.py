"""Documents and figures in words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts import agents, places
from accounts.documents.listing import Row
from accounts.documents.models import Document, Opening
from accounts.figures.rules import Figures
from accounts.users.models import User

PLACES = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """The last time that somebody opened it; ``by`` is "" for the reader."""

    at: datetime
    by: str
    device: str
    place: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A document on the page."""

    document: Document
    period: str
    size: str
    opened: Opened | None


def shown(row: Row, reader: User) -> Shown:
    """A row in words."""
    opened = _opened(row.opening, reader) if row.opening else None
    one = row.document
    return Shown(one, period(one), filesizeformat(one.size), opened)


def _opened(opening: Opening, reader: User) -> Opened:
    origin = opening.entry.origin
    return Opened(
        at=opening.entry.at,
        by="" if opening.user_id == reader.pk else opening.user.name,
        device=agents.in_words(origin.get("agent", "")),
        place=places.in_words(origin.get("address", "")),
    )


def period(one: Document) -> str:
    """ "25 Nov 2026", "November 2026", "2026"."""
    shape = {10: _("j M Y"), 7: _("F Y"), 4: "Y"}[len(one.period)]
    return date_format(one.dated, shape)


def about(one: Document) -> str:
    """One line that names it."""
    return f"{one.get_kind_display()}, {period(one)}, {one.account.number}"


def file_name(one: Document) -> str:
    """As it is saved, in letters that every system has."""
    return f"{one.kind}-{one.period}-{one.account.number}.pdf"


def money(amount: Decimal, currency: str) -> str:
    """ "USD 120,500.25"."""
    figures = number_format(amount, decimal_pos=PLACES, force_grouping=True)
    return f"{currency} {figures}"


def quantity(amount: Decimal) -> str:
    """As many places as it has."""
    places_of = max(0, -amount.normalize().as_tuple().exponent)
    return number_format(amount, decimal_pos=places_of, force_grouping=True)


def totals(figures: Figures) -> list[tuple[str, str]]:
    """The three amounts of an account, each with its name."""
    amounts = [
        (_("Net liquidation value"), figures.net_liquidation),
        (_("Cash"), figures.cash),
        (_("Margin used"), figures.margin_used),
    ]
    return [(name, money(amount, figures.currency)) for name, amount in amounts]
