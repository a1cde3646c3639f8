"""What the pages of ceilings show."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.ceilings import rules, services, wording
from accounts.ceilings.models import Ceiling
from accounts.ceilings.rules import Kind, Standing
from accounts.client_accounts.models import ClientAccount


@dataclass(frozen=True, slots=True)
class Line:
    """A ceiling in words. ``coming`` is what it becomes at ``turns_at``, "" for nothing."""

    kind: str
    name: str
    value: str
    coming: str
    turns_at: datetime | None


def lines(standings: dict[Kind, Standing]) -> list[Line]:
    """Each ceiling in words."""
    return [
        Line(
            kind=kind.value,
            name=str(wording.NAMES[kind]),
            value=wording.amount(kind, one.value),
            coming=wording.amount(kind, one.coming) if one.turns_at else "",
            turns_at=one.turns_at,
        )
        for kind, one in standings.items()
    ]


def groups(user_id: int) -> list[dict[str, object]]:
    """Each account that the user owns, with its ceilings. Two queries."""
    now, accounts = timezone.now(), list(services.owned(user_id))
    found: dict[int, dict[Kind, Standing]] = {one.pk: {} for one in accounts}
    for row in Ceiling.objects.filter(account__in=accounts):
        found[row.account_id][Kind(row.kind)] = rules.settled(row.standing, now=now)
    return [
        {
            "account": one,
            "lines": lines({kind: found[one.pk].get(kind, Standing()) for kind in Kind}),
        }
        for one in accounts
    ]


def of_account(account: ClientAccount) -> dict[str, object]:
    """The page of one account, beside its form. One query."""
    found = services.standings(account.number, now=timezone.now())
    shown = lines(found)
    return {"account": account, "lines": shown, "waits": any(one.coming for one in shown)}


def typed(standings: dict[Kind, Standing]) -> dict[str, str]:
    """What stands in the fields before anybody types."""
    return {kind.value: _plain(one.value) for kind, one in standings.items()}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
