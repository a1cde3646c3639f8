"""An order against the ceilings of its account.

The figures are those that the books delivered last, and whatever was allowed since. An order that
was allowed and is not filled when new figures come is not in them, and counts no more.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, F, Q, Sum, When
from django.utils.crypto import salted_hmac

from accounts.ceilings import rules
from accounts.ceilings import services as ceilings
from accounts.ceilings.rules import Breach, Known, Order
from accounts.figures import services as figures
from accounts.figures.rules import Figures, Position
from accounts.vault import CannotOpen
from sls.decisions.models import AllowedOrder


class Judged:
    """An order and what speaks against it (``breach``); ``keep`` counts it if it is allowed.

    The caller is in the transaction of the decision.
    """

    def __init__(self, account: str, order: Order, now: datetime) -> None:
        self._account, self._order, self._now = account, order, now
        set_so = ceilings.in_force(account, now=now)
        self._counts = set_so.take_figures
        self._known = self._read() if self._counts and order.symbol else None
        fresh = timedelta(seconds=settings.FIGURES_FRESH_SECONDS)
        self.breach: Breach | None = rules.breach(order, set_so, self._known, now=now, fresh=fresh)

    def _read(self) -> Known | None:
        try:
            found = figures.latest(self._account)
        except CannotOpen:
            return None
        if found is None:
            return None
        bought, sold, margin = self._since(rules.counted_since(found.as_of, now=self._now))
        return Known(
            as_of=found.as_of,
            position=_held(found, self._order.symbol),
            margin_used=_usd(found.margin_used, found.currency),
            net=_usd(found.net_liquidation, found.currency),
            bought=bought,
            sold=sold,
            margin_since=margin,
        )

    def _since(self, at: datetime) -> tuple[Decimal, ...]:
        mine = Q(symbol=_hash(self._account, self._order.symbol))
        made = AllowedOrder.objects.filter(account=self._account, at__gte=at).aggregate(
            bought=Sum(Case(When(mine, sells=False, then=F("amount")))),
            sold=Sum(Case(When(mine, sells=True, then=F("amount")))),
            margin=Sum("margin"),
        )
        return tuple(made[name] or Decimal(0) for name in ("bought", "sold", "margin"))

    def keep(self) -> None:
        """It is allowed: it counts until the figures have it."""
        order = self._order
        if self._counts:
            AllowedOrder.objects.create(
                account=self._account,
                symbol=_hash(self._account, order.symbol),
                sells=order.sells,
                amount=order.amount,
                margin=rules.margin_of(order, self._known),
                at=self._now,
            )


def _hash(account: str, symbol: str) -> str:
    said = f"{account} {symbol.upper()}"
    return salted_hmac("decisions.order", said, algorithm="sha256").hexdigest()


def _held(found: Figures, symbol: str) -> Decimal | None:
    """What is held of the symbol, in US dollars, below zero for a short position; None where that
    cannot be told."""
    same = [one for name, one in found.positions.items() if name.upper() == symbol.upper()]
    values = [_value(one) for one in same]
    return None if None in values else sum(values, Decimal(0))


def _value(one: Position) -> Decimal | None:
    value = _usd(abs(one.value), one.currency)
    return -value if value is not None and one.quantity < 0 else value


def _usd(amount: Decimal, currency: str) -> Decimal | None:
    rate = settings.CARD_FX.get(currency)
    return None if rate is None else amount * rate
