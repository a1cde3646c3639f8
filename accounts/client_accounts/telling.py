"""What happened to an account, in the records of the others on it."""

from collections.abc import Collection
from functools import partial

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.origin import Origin

OTHERS = "owner_frozen"  # why: another owner of the account stopped everything


def tell_others(
    event: Event,
    *,
    account: ClientAccount,
    roles: Collection[Role],
    but: int,
    origin: Origin,
    detail: dict[str, object],
) -> None:
    """Records it with everybody in ``roles`` on the account but the user ``but``, whose lock the
    caller holds, once the caller's transaction has ended.

    Not within it: whoever holds the lock of one user and waits for that of another may be waited
    for by that one, and what stops everything is never what the database gives up.
    """
    tell = partial(_tell, event, account.pk, tuple(roles), but, origin, detail)
    transaction.on_commit(tell, robust=True)


def _tell(
    event: Event,
    account_id: int,
    roles: tuple[Role, ...],
    but: int,
    origin: Origin,
    detail: dict[str, object],
) -> None:
    on_it = Membership.objects.filter(account=account_id, role__in=roles).exclude(user=but)
    for user_id in on_it.order_by("user").values_list("user", flat=True):
        with transaction.atomic():
            user = audit.lock(user_id)
            audit.record(event, user=user, origin=origin, actor="system", detail=detail)
