"""A withdrawal that a session asks for: what was asked before, and what has left the account."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts import gathered
from accounts.joined import Read
from accounts.prepared import prepared
from accounts.sessions.models import Session
from sls.decisions.models import Withdrawal
from sls.decisions.rules import Money, Outcome, Request
from sls.withdrawals import rules as limits
from sls.withdrawals import services as withdrawals
from sls.withdrawals.rules import Spent

LIFE = timedelta(minutes=15)  # in which what was asked for is proven
COUNTED = timedelta(days=16)  # as far back as five business days can reach


class Asking:
    """The question (``asked``) as it was put before (among what ``reading`` found), or put now, and
    what speaks about its money (``facts``). Raises ``KeyError`` for a currency that has no rate.

    The caller is in the transaction of the decision and holds the account's lock.
    """

    def __init__(
        self, row: Session, wanted: Request, found: list[Withdrawal], now: datetime
    ) -> None:
        self._now = now
        before = (one for one in found if one.allowed_at is None)
        self.asked = next(before, None) or _put(row, wanted, now)
        left = [
            limits.Withdrawal(one.allowed_at, one.amount_usd) for one in found if one.allowed_at
        ]
        self.facts = Money(
            amount=self.asked.amount_usd,
            spent=limits.spent(left, now=now),
            table=withdrawals.table(),
            high=Decimal(settings.HIGH_VALUE_USD),
        )

    def settle(self, outcome: Outcome) -> None:
        """Keeps what waits for its proof, and uses a proof up."""
        if outcome is Outcome.ALLOWED:
            self.asked.allowed_at = self._now
        if self.asked._state.adding:
            if outcome in (Outcome.ALLOWED, Outcome.STEP_UP):
                gathered.insert(self.asked)
        elif outcome is Outcome.ALLOWED:
            gathered.change(self.asked, "allowed_at")


def reading(row: Session, wanted: Request, now: datetime) -> Read[list[Withdrawal]]:
    """What was asked before, and what has left the account."""
    about = {"digest": _digest(row, wanted), "account": wanted.account}
    return Read(_known, {**about, "since": now - COUNTED, "now": now})


@prepared
def _known(digest: str, account: str, since: datetime, now: datetime) -> QuerySet[Withdrawal]:
    """What was asked and can still be proven, and what has left; newest first."""
    asked = Q(digest=digest, allowed_at=None, expires_at__gt=now)
    left = Q(account=account, allowed_at__gt=since)
    return Withdrawal.objects.filter(asked | left).order_by("-created_at")


def _put(row: Session, wanted: Request, now: datetime) -> Withdrawal:
    asked = Withdrawal(
        user_id=row.user_id,
        session=row.key,
        account=wanted.account,
        amount=wanted.amount,
        currency=wanted.currency,
        amount_usd=_in_usd(wanted.amount, wanted.currency),
        digest=_digest(row, wanted),
        created_at=now,
        expires_at=now + LIFE,
    )
    asked.put(wanted.destination)
    return asked


def _digest(row: Session, wanted: Request) -> str:
    """Of everything that the question is about."""
    amount = f"{wanted.amount:.2f}"
    what = [row.user_id, row.key, wanted.account, amount, wanted.currency, wanted.destination]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _in_usd(amount: Decimal, currency: str) -> Decimal:
    """The amount in US dollars, never less than it is."""
    return (amount * settings.CARD_FX[currency]).quantize(Decimal("0.01"), rounding=ROUND_UP)


def spent_of(accounts: Collection[str], now: datetime) -> dict[str, Spent]:
    """What has left each of the accounts. One query."""
    rows = Withdrawal.objects.filter(account__in=accounts, allowed_at__gt=now - COUNTED)
    history: dict[str, list[limits.Withdrawal]] = {one: [] for one in accounts}
    for account, at, amount in rows.values_list("account", "allowed_at", "amount_usd"):
        history[account].append(limits.Withdrawal(at, amount))
    return {one: limits.spent(made, now=now) for one, made in history.items()}
