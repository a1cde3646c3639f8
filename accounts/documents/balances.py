"""What the brokerage's books say of the accounts that somebody sees, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.client_accounts.models import Membership
from accounts.documents import listing, wording
from accounts.figures import services as figures
from accounts.figures.rules import Figures

PAGE = 100
OLD = timedelta(days=4)  # longer than a long weekend


@dataclass(frozen=True, slots=True)
class Balance:
    """An account; without figures nothing was delivered yet."""

    number: str
    figures: Figures | None
    totals: list[tuple[str, str]]
    is_old: bool

    @property
    def as_of(self) -> datetime | None:
        """As of when."""
        return self.figures.as_of if self.figures else None


@dataclass(frozen=True, slots=True)
class Line:
    """A position."""

    symbol: str
    quantity: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` is the symbol that the next page begins behind, "" on the last."""

    lines: list[Line]
    more: str


def of(places: Sequence[Membership]) -> list[Balance]:
    """Each account with its figures. One query."""
    found = figures.latest_of([one.account_id for one in places])
    return [_balance(one.account.number, found.get(one.account_id)) for one in places]


def find(*, user_id: int, number: str) -> Balance | None:
    """One account, if the user sees it. Two queries."""
    seen = [one for one in listing.seen_by(user_id) if one.account.number == number]
    return of(seen)[0] if seen else None


def _balance(number: str, found: Figures | None) -> Balance:
    totals = wording.totals(found) if found else []
    is_old = found is not None and timezone.now() - found.as_of > OLD
    return Balance(number, found, totals, is_old)


def page(balance: Balance, *, after: str) -> Page:
    """Positions by symbol."""
    held = balance.figures.positions if balance.figures else {}
    symbols = sorted(symbol for symbol in held if symbol > after)
    lines = [
        Line(
            symbol,
            wording.quantity(held[symbol].quantity),
            wording.money(held[symbol].value, held[symbol].currency),
        )
        for symbol in symbols[:PAGE]
    ]
    return Page(lines, symbols[PAGE - 1] if len(symbols) > PAGE else "")


def about(balance: Balance) -> str:
    """One line that names them."""
    if balance.as_of is None:
        return _("Balances and positions, %(account)s") % {"account": balance.number}
    at = {"account": balance.number, "at": balance.as_of.strftime("%Y-%m-%d %H:%M UTC")}
    return _("Balances and positions, %(account)s, as of %(at)s") % at
