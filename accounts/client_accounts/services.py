import re
from decimal import Decimal

from django.db.models import QuerySet

from accounts.client_accounts import rules
from accounts.client_accounts.models import ClientAccount, LegalEntity, Membership, Role
from accounts.prepared import prepared
from accounts.users.models import User


class UnacceptableAccount(ValueError):
    """The account cannot be opened; the message is one line for an operator."""


def open_account(
    *,
    number: str,
    owner: User,
    entity: LegalEntity,
    currency: str = "USD",
    equity: Decimal | int = 0,
) -> ClientAccount:
    """Writes a new account and makes ``owner`` its owner; the caller records it.

    Raises ``UnacceptableAccount``.
    """
    if not re.fullmatch(r"U[0-9]{7}", number):
        raise UnacceptableAccount(f"{number!r} is not an account number: U and seven digits")
    if ClientAccount.objects.filter(number=number).exists():
        raise UnacceptableAccount(f"account {number} is open already")
    account = ClientAccount.objects.create(
        number=number, entity=entity, currency=currency, equity=equity
    )
    grant(account=account, user=owner, role=Role.OWNER)
    return account


def grant(*, account: ClientAccount, user: User, role: Role) -> Membership:
    """Gives ``user`` this one role on ``account``, in place of the one they had.

    Raises ``UnacceptableAccount`` for an entity that lets nobody opt out, while the user has.
    """
    if user.opted_out and not rules.may_opt_out([account.entity]):
        raise UnacceptableAccount(f"{user.username} has to opt back in first: {account.number}")
    membership, _ = Membership.objects.update_or_create(
        account=account, user=user, defaults={"role": role}
    )
    return membership


def of_user(user_id: int) -> list[Membership]:
    """The user's roles with their accounts, by account number. One query."""
    return _of_user(user_id=user_id)


@prepared
def _of_user(user_id: int) -> QuerySet[Membership]:
    mine = Membership.objects.filter(user_id=user_id)
    return mine.select_related("account").order_by("account__number")
