"""Accounts for algorithms: programs trade there by tokens of its own, and no money leaves.

An owner marks an account, which shuts it for withdrawals at once. Opening it takes the strongest
proof that the owner holds and ``HOLD_HOURS``; everybody who looks after the account is told, and
each of them shuts it again at once, without any proof; a freeze of an owner does too. It stops
being one only while it is open, so that nobody gets round the wait. The decision about a withdrawal
is in ``sls/decisions/rules.py``.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts import rules
from accounts.client_accounts.models import MANAGERS, ClientAccount, Membership, Role
from accounts.client_accounts.services import with_second_names
from accounts.client_accounts.telling import OTHERS, tell_others
from accounts.origin import Origin
from accounts.users.models import User


def seen_by(user_id: int) -> QuerySet[Membership]:
    """The roles of whoever looks after accounts, with these, by number, each with ``second_name``.
    One query."""
    mine = with_second_names(Membership.objects.filter(user=user_id, role__in=MANAGERS))
    return mine.select_related("account").order_by("account__number")


def find(*, number: str, by: int) -> Membership | None:
    """The role of ``by`` on an account that they look after."""
    return seen_by(by).filter(account__number=number).first()


def mark(*, number: str, by: int, origin: Origin) -> bool:
    """Makes it one for algorithms; nothing leaves it from now on. False when it was one, or
    ``by`` is no owner of it."""

    def change(account: ClientAccount, _now: datetime) -> bool:
        if account.for_algorithms:
            return False
        account.for_algorithms, account.money_opens_at = True, None
        return True

    return _change(Event.ALGORITHMS_MARKED, change, number=number, by=by, origin=origin)


def open_money(*, number: str, by: int, origin: Origin) -> bool:
    """Lets money leave it once ``HOLD_HOURS`` are over; the view asks for the strongest proof.
    False when that was asked for before, or ``by`` may not let more be done on it."""

    def change(account: ClientAccount, now: datetime) -> bool:
        if not account.for_algorithms or account.money_opens_at is not None:
            return False
        account.money_opens_at = now + timedelta(hours=settings.HOLD_HOURS)
        return True

    return _change(
        Event.ALGORITHMS_OPENING, change, number=number, by=by, origin=origin, lets_more=True
    )


def shut_money(*, number: str, by: int, origin: Origin) -> bool:
    """Nothing leaves it from now on, whatever was asked for. False when that was so."""

    def change(account: ClientAccount, _now: datetime) -> bool:
        if account.money_opens_at is None:
            return False
        account.money_opens_at = None
        return True

    return _change(
        Event.ALGORITHMS_SHUT, change, number=number, by=by, origin=origin, roles=MANAGERS
    )


def drop(user: User, *, origin: Origin, at: datetime) -> int:
    """Everything was stopped: no account that ``user`` owns opens any more that has not opened yet.
    Everybody else who looks after them is told. The caller holds the user's lock. Returns how
    many there were."""
    mine = Membership.objects.filter(user=user, role=Role.OWNER).values("account")
    waiting = ClientAccount.objects.select_for_update(no_key=True).filter(
        pk__in=mine, for_algorithms=True, money_opens_at__gt=at
    )
    shut = list(waiting.order_by("pk"))
    for account in shut:
        account.money_opens_at = None
        account.save(update_fields=["money_opens_at"])
        detail = {"account": account.number, "why": "frozen"}
        audit.record(Event.ALGORITHMS_SHUT, user=user, origin=origin, actor="system", detail=detail)
        tell_others(
            Event.ALGORITHMS_SHUT,
            account=account,
            roles=MANAGERS,
            but=user.pk,
            origin=origin,
            detail=detail | {"why": OTHERS},
        )
    return len(shut)


def unmark(*, number: str, by: int, origin: Origin) -> bool:
    """Makes it an account like others; the view asks for the strongest proof. False when it was
    one, ``by`` may not let more be done on it, or no money leaves it yet."""

    def change(account: ClientAccount, now: datetime) -> bool:
        if not account.for_algorithms or account.is_shut(now):
            return False
        account.for_algorithms, account.money_opens_at = False, None
        return True

    return _change(
        Event.ALGORITHMS_UNMARKED, change, number=number, by=by, origin=origin, lets_more=True
    )


def _change(
    event: Event,
    change: Callable[[ClientAccount, datetime], bool],
    *,
    number: str,
    by: int,
    origin: Origin,
    roles: tuple[Role, ...] = (Role.OWNER,),
    lets_more: bool = False,
) -> bool:
    """Changes the account, and writes it to the chain of everybody who looks after it."""
    on_it = Membership.objects.filter(account__number=number, role__in=MANAGERS)
    with transaction.atomic():
        told = {pk: audit.lock(pk) for pk in sorted({*on_it.values_list("user_id", flat=True), by})}
        account = ClientAccount.objects.select_for_update(no_key=True).filter(number=number).first()
        now = timezone.now()
        mine = with_second_names(on_it.filter(user=by, role__in=roles)).first()
        if account is None or mine is None:
            return False
        if lets_more and not rules.may_let_more(mine.role, second_name=mine.second_name):
            return False
        if not change(account, now):
            return False
        account.save(update_fields=["for_algorithms", "money_opens_at"])
        detail = {"account": number}
        if account.money_opens_at is not None:
            detail["opens_at"] = account.money_opens_at.isoformat()
        actor = f"user:{told[by].username}"
        for pk, user in told.items():
            who = {} if pk == by else {"actor": actor}
            audit.record(event, user=user, origin=origin, detail=detail, **who)
        return True
