from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.client_accounts.models import ClientAccount
from accounts.figures import rules
from accounts.figures.models import Snapshot
from accounts.figures.rules import Figures, Refusal
from accounts.prepared import prepared


def latest(account: str) -> Figures | None:
    """The newest figures of the account of that number, None while none were delivered. One query.
    Raises ``vault.CannotOpen``: what cannot be read is not nothing."""
    row = _of_account.first(number=account)
    return row.opened() if row else None


@prepared
def _of_account(number: str) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(account__number=number)


def latest_of(accounts: Collection[int]) -> dict[int, Figures]:
    """``latest`` of several accounts by their keys; nothing for those that have none. One query."""
    rows = Snapshot.objects.filter(account__in=accounts)
    return {row.account_id: row.opened() for row in rows}


def deliver(*, number: str, figures: Figures, system: str) -> Refusal | None:
    """Keeps the figures of an account in place of those before; or says why not."""
    with transaction.atomic():
        # Of two deliveries at once the newer stays.
        found = ClientAccount.objects.select_for_update(no_key=True).filter(number=number)
        account, now = found.first(), timezone.now()
        if account is None:
            return Refusal.ACCOUNT
        row = Snapshot.objects.filter(account=account).first()
        if refused := rules.refusal(figures.as_of, kept=row.as_of if row else None, now=now):
            return refused
        row = row or Snapshot(account=account)
        row.received_at, row.system = now, system
        row.put(figures)
        row.save()
        return None
