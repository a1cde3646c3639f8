"""What the page "Limits and methods" shows: read from the tables, nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.holds import services as holds
from accounts.holds import wording as hold_wording
from accounts.holds.models import What
from accounts.users.models import User
from sls.methods import registry
from sls.withdrawals import rules, services, wording
from sls.withdrawals.rules import NO_FACTOR, Table


@dataclass(frozen=True, slots=True)
class Row:
    """A method with its limits in words. ``effect`` tells what adding one would do, "" for what
    is held already."""

    code: str
    label: str
    day: str
    five_days: str
    held: bool
    applies: bool
    effect: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``now`` is the limit of this session; ``most`` that of the best method held, "" when it is
    the same; ``best`` names that method. ``hold`` says until when nothing leaves, or ""."""

    rows: Sequence[Row]
    method: str
    now: str
    best: str
    most: str
    hold: str


def standing(user: User, *, method: str) -> Standing:
    """The user's limits in a session that ``method`` proved. Two queries."""
    table = services.table()
    held = [row.method for row in registry.devices(user.pk)]
    used = NO_FACTOR if user.opted_out else method
    best = rules.best(held, table=table, opted_out=user.opted_out)
    now = rules.of_method(used, table=table)
    most = rules.of_method(best, table=table)
    rows = [
        _row(code, held, used=used, opted_out=user.opted_out, table=table)
        for code in _shown(table, used)
    ]
    return Standing(
        rows,
        method=_label(method),
        now=wording.limit(now),
        best=_label(best),
        most=wording.limit(most) if most.rank() > now.rank() else "",
        hold=_hold(user),
    )


def _hold(user: User) -> str:
    found = holds.held(user_id=user.pk, what=What.WITHDRAWALS, now=timezone.now())
    return hold_wording.told(found, user.pk) if found else ""


def _shown(table: Table, used: str) -> list[str]:
    """The methods there are, the highest limit first."""
    codes = _methods() + ([NO_FACTOR] if used == NO_FACTOR else [])
    return sorted(codes, key=lambda code: rules.of_method(code, table=table).rank(), reverse=True)


def _methods() -> list[str]:
    return [method.code for method in registry.METHODS]


def _row(code: str, held: Sequence[str], *, used: str, opted_out: bool, table: Table) -> Row:
    limit = rules.of_method(code, table=table)
    before = rules.preview(held, table=table)
    after = rules.preview(held, table=table, adding=code)
    is_news = not opted_out and code not in held
    return Row(
        code=code,
        label=_label(code),
        day=wording.amount(limit.day),
        five_days=wording.amount(limit.five_days),
        held=code in held,
        applies=code == used,
        effect=wording.of_adding(before, after) if is_news else "",
    )


def _label(code: str) -> str:
    if code == NO_FACTOR:
        return _("Without a second factor")
    return str(registry.get(code).label)
