import re
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.client_accounts import rules
from accounts.client_accounts.models import (
    MANAGERS,
    ClientAccount,
    Kind,
    LegalEntity,
    Membership,
    Role,
)
from accounts.client_accounts.rules import Right
from accounts.joined import Read
from accounts.prepared import prepared
from accounts.users.models import User


class UnacceptableAccount(ValueError):
    """The account cannot be opened; the message is one line for an operator."""


def open_account(
    *,
    number: str,
    owner: User,
    entity: LegalEntity,
    kind: Kind = Kind.INDIVIDUAL,
    currency: str = "USD",
    equity: Decimal | int = 0,
) -> ClientAccount:
    """Writes a new account and makes ``owner`` its owner; the caller records it.

    Raises ``UnacceptableAccount``.
    """
    if not re.fullmatch(r"U[0-9]{7}", number):
        raise UnacceptableAccount(
            _("%(number)r is not an account number: U and seven digits") % {"number": number}
        )
    if ClientAccount.objects.filter(number=number).exists():
        raise UnacceptableAccount(_("account %(number)s is open already") % {"number": number})
    account = ClientAccount.objects.create(
        number=number, entity=entity, kind=kind, currency=currency, equity=equity
    )
    grant(account=account, user=owner, role=Role.OWNER)
    return account


def grant(*, account: ClientAccount, user: User, role: Role) -> Membership:
    """Gives ``user`` this one role on ``account``, in place of the one they had.

    Raises ``UnacceptableAccount`` for an entity that lets nobody opt out, while the user has.
    """
    if user.opted_out and not rules.may_opt_out([account.entity]):
        raise UnacceptableAccount(
            _("%(name)s has to opt back in first: %(number)s")
            % {"name": user.username, "number": account.number}
        )
    membership, _made = Membership.objects.update_or_create(
        account=account, user=user, defaults={"role": role}
    )
    return membership


def of_user(user_id: int) -> list[Membership]:
    """The user's roles with their accounts, by account number, each with ``second_name``: another
    user name of the same person was on the account before. One query."""
    return reading(user_id).alone()


def reading(user_id: int) -> Read[list[Membership]]:
    """``of_user``, to be read along with something else."""
    return Read(_of_user, {"user_id": user_id})


@prepared
def _of_user(user_id: int) -> QuerySet[Membership]:
    mine = with_second_names(Membership.objects.filter(user_id=user_id))
    return mine.select_related("account").order_by("account__number")


def with_second_names(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Each membership with ``second_name``: whether the same person was on the account before it
    under another user name. Such a name never moves money (DOMAIN 1.19)."""
    before = Membership.objects.filter(
        account=OuterRef("account"), user__person=OuterRef("user__person"), pk__lt=OuterRef("pk")
    )
    return memberships.annotate(second_name=Exists(before.exclude(user__person="")))


def on_account(*, user_id: int, number: str) -> Membership | None:
    """The user's role on the account, None if they are not on it. One query."""
    return next((row for row in of_user(user_id) if row.account.number == number), None)


def locked_on_account(*, user_id: int, number: str) -> Membership | None:
    """As ``on_account``, with the account's row locked until the transaction ends. The caller
    holds the user's lock. One query."""
    return _locked_on.first(user_id=user_id, number=number)


@prepared
def _locked_on(user_id: int, number: str) -> QuerySet[Membership]:
    mine = with_second_names(Membership.objects.filter(user_id=user_id, account__number=number))
    return mine.select_related("account").select_for_update(no_key=True, of=("account",))


def rights_of(*, user_id: int, number: str) -> frozenset[Right]:
    """What the user may do on the account, nothing if they are not on it. One query."""
    row = on_account(user_id=user_id, number=number)
    return rules.rights(row.role, second_name=row.second_name) if row else frozenset()


def may_let_more(*, user_id: int, number: str) -> bool:
    """Whether the user may let more be done on the account than now. One query."""
    row = on_account(user_id=user_id, number=number)
    return row is not None and rules.may_let_more(row.role, second_name=row.second_name)


def managed_by(user: User) -> QuerySet[User]:
    """Whom ``user`` looks after, and always ``user``. Each once; one query.

    What protects a user name protects it on every account, so they are those who are on accounts
    that ``user`` looks after and on no other: nobody comes into power over somebody by putting them
    on an account. A security officer looks after no owner, and nobody here after staff.
    """
    as_owner = Membership.objects.filter(user=user, role=Role.OWNER).values("account")
    as_officer = Membership.objects.filter(user=user, role__in=MANAGERS).values("account")
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    within = Q(account__in=as_owner) | (Q(account__in=as_officer) & ~Q(role=Role.OWNER))
    looked_after = Q(Exists(theirs)) & ~Q(Exists(theirs.exclude(within))) & Q(is_staff=False)
    return User.objects.filter(Q(pk=user.pk) | looked_after)
