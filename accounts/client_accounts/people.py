"""The users of an account: who is on it, and how owners and security officers change that.

Every change locks the two users and then the account, so that of many at once none gets over the
limit and one owner remains. It is written to both chains, and both are told.
"""

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts import rules, services
from accounts.client_accounts.models import MANAGERS, ClientAccount, Membership, Role
from accounts.client_accounts.rules import Refusal
from accounts.origin import Origin
from accounts.users.models import User


def managed_accounts(user_id: int) -> QuerySet[ClientAccount]:
    """The accounts whose users somebody looks after, by number."""
    mine = Membership.objects.filter(user=user_id, role__in=MANAGERS)
    return ClientAccount.objects.filter(pk__in=mine.values("account")).order_by("number")


def on_managed(user_id: int) -> QuerySet[Membership]:
    """Everybody on those accounts, as they came, each with ``second_name``."""
    found = Membership.objects.filter(account__in=managed_accounts(user_id))
    return services.with_second_names(found).select_related("account", "user").order_by("pk")


def find(membership_id: int, *, by: int) -> Membership | None:
    """A membership of an account that ``by`` looks after. One query."""
    return on_managed(by).filter(pk=membership_id).first()


def choices(*, number: str, by: int) -> list[Role]:
    """The roles that ``by`` may give on the account, none if they do not look after it."""
    actor = _role(ClientAccount.objects.filter(number=number).first(), by)
    return [role for role in Role if actor and rules.may_set(actor, old=None, new=role)]


def _role(account: ClientAccount | None, user_id: int) -> str | None:
    mine = Membership.objects.filter(account=account, user=user_id) if account else None
    return mine.values_list("role", flat=True).first() if mine is not None else None


def add(*, number: str, user_id: int, role: Role, by: int, origin: Origin) -> Refusal | None:
    """Puts a user on the account. Returns None when that is done."""
    with transaction.atomic():
        actor, user = _lock(by, user_id)
        account = _locked(number)
        if account is None or _role(account, by) not in MANAGERS:
            return Refusal.NOT_YOURS
        if _role(account, user_id) is not None:
            return Refusal.LISTED
        if refusal := _refusal(account, actor=by, old=None, new=role):
            return refusal
        try:
            services.grant(account=account, user=user, role=role)
        except services.UnacceptableAccount:
            return Refusal.OPTED_OUT
        _record(Event.ACCOUNT_USER_ADDED, account, actor, user, origin, role=role)
        return None


def set_role(*, membership: Membership, role: Role, by: int, origin: Origin) -> Refusal | None:
    """Gives the user another role on the account. Returns None when they have it."""
    return _change(membership, role, by=by, origin=origin)


def remove(*, membership: Membership, by: int, origin: Origin) -> Refusal | None:
    """Takes the user off the account; the user name stays. Returns None when that is done."""
    return _change(membership, None, by=by, origin=origin)


def _change(
    membership: Membership, role: Role | None, *, by: int, origin: Origin
) -> Refusal | None:
    with transaction.atomic():
        actor, user = _lock(by, membership.user_id)
        account = _locked(membership.account.number)
        row = Membership.objects.filter(account=account, user=user).first()
        if row is None:
            return Refusal.NOT_YOURS if role else None
        if refusal := _refusal(account, actor=by, old=row.role, new=role, own=actor == user):
            return refusal
        if role is None:
            row.delete()
            _record(Event.ACCOUNT_USER_REMOVED, account, actor, user, origin, role=row.role)
        elif row.role != role:
            row.role = role
            row.save(update_fields=["role"])
            _record(Event.ACCOUNT_USER_ROLE, account, actor, user, origin, role=role)
        return None


def refusal_to(*, membership: Membership, role: Role | None, by: int) -> Refusal | None:
    """Why a change would be refused, as far as it is known without locks."""
    own = membership.user_id == by
    return _refusal(membership.account, actor=by, old=membership.role, new=role, own=own)


def _refusal(
    account: ClientAccount, *, actor: int, old: str | None, new: Role | None, own: bool = False
) -> Refusal | None:
    roles = dict(Membership.objects.filter(account=account).values_list("user_id", "role"))
    if actor not in roles or (own and rules.gains(old, new)):
        return Refusal.NOT_YOURS
    return rules.refusal(
        roles[actor],
        old=old,
        new=new,
        users=len(roles),
        owners=list(roles.values()).count(Role.OWNER),
        most=account.most,
    )


def _lock(by: int, user_id: int) -> tuple[User, User]:
    """Both users, always in the same order; one row where they are the same."""
    rows = {pk: audit.lock(pk) for pk in sorted({by, user_id})}
    return rows[by], rows[user_id]


def _locked(number: str) -> ClientAccount | None:
    """The account's row, locked: after the users in every lock order."""
    return ClientAccount.objects.select_for_update(no_key=True).filter(number=number).first()


def _record(
    event: Event, account: ClientAccount, actor: User, user: User, origin: Origin, *, role: str
) -> None:
    detail = {"account": account.number, "member": user.username, "role": role}
    audit.record(event, user=actor, origin=origin, detail=detail)
    if user != actor:
        audit.record(event, user=user, origin=origin, actor=f"user:{actor.username}", detail=detail)
