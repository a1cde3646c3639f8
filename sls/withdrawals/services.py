from decimal import Decimal

from django.conf import settings

from accounts.users.models import User
from sls.methods import registry
from sls.withdrawals import rules, wording
from sls.withdrawals.rules import Limit, Table


def table() -> Table:
    """The table of limits as it is set."""
    return {
        row: Limit(*(None if most is None else Decimal(most) for most in pair))
        for row, pair in settings.WITHDRAWAL_LIMITS.items()
    }


def preview_removal(*, user: User, device_id: str) -> str:
    """What removing that authenticator does to the user's limits, as a sentence. One query."""
    rows, known = registry.devices(user.pk), table()
    held = [row.method for row in rows]
    losing = next((row.method for row in rows if row.id == device_id), "")
    before = rules.preview(held, table=known, opted_out=user.opted_out)
    after = rules.preview(held, table=known, opted_out=user.opted_out, losing=losing)
    return wording.of_removal(before, after)
