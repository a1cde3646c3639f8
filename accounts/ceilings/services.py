from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.ceilings import rules
from accounts.ceilings.models import Ceiling
from accounts.ceilings.rules import Ceilings, Effect, Kind, Standing
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.client_accounts.telling import OTHERS, tell_others
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User

Wanted = Mapping[Kind, Decimal | None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did, and what of it takes a proof that was not given, or another user name."""

    lowered: list[Kind]
    raised: list[Kind]
    left: list[Kind]


class NotOwner(ValueError):
    """Whoever changes a ceiling is no owner of the account."""


def delay() -> timedelta:
    """How long a raise waits."""
    return timedelta(hours=settings.HOLD_HOURS)


def in_force(number: str, *, now: datetime) -> Ceilings:
    """The ceilings of the account of that number, whose row is locked where it has any: of two
    orders at once, one sees the other. One query; the caller is in a transaction."""
    found = {row.kind: rules.settled(row.standing, now=now) for row in _locked_of(number=number)}
    return Ceilings(*(found.get(kind, Standing()).value for kind in Kind))


@prepared
def _locked_of(number: str) -> QuerySet[Ceiling]:
    return _rows(number).select_for_update(no_key=True, of=("account",))


@prepared
def _of(number: str) -> QuerySet[Ceiling]:
    return _rows(number)


def _rows(number: str) -> QuerySet[Ceiling]:
    return Ceiling.objects.filter(account__number=number).select_related("account")


def standings(number: str, *, now: datetime) -> dict[Kind, Standing]:
    """How each ceiling of an account stands. One query."""
    found = {Kind(row.kind): rules.settled(row.standing, now=now) for row in _of(number=number)}
    return {kind: found.get(kind, Standing()) for kind in Kind}


def owned(user_id: int) -> QuerySet[ClientAccount]:
    """The accounts that somebody owns, by number."""
    mine = Membership.objects.filter(user=user_id, role=Role.OWNER)
    return ClientAccount.objects.filter(pk__in=mine.values("account")).order_by("number")


def may_raise(account: ClientAccount, *, by: int) -> bool:
    """Whether ``by`` raises ceilings of the account; not by a second user name of the same person.
    One query."""
    return client_accounts.may_let_more(user_id=by, number=account.number)


def change(
    *, account: ClientAccount, wanted: Wanted, by: int, origin: Origin, proven: bool
) -> Done:
    """Sets the ceilings of ``wanted``. What allows more is left as it is unless ``proven`` and
    ``may_raise``, and then comes after ``HOLD_HOURS``. Raises ``NotOwner``."""
    done = Done([], [], [])
    with transaction.atomic():
        owners, now = _locked(account, by), timezone.now()
        proven = proven and may_raise(account, by=by)
        for kind, value in wanted.items():
            row = _row(account, kind)
            standing, effect = rules.changed(row.standing, value, now=now, delay=delay())
            if effect is Effect.NOTHING:
                continue
            if effect is Effect.RAISED and not proven:
                done.left.append(kind)
                continue
            _save(row, standing, by, now)
            is_raise = effect is Effect.RAISED
            (done.raised if is_raise else done.lowered).append(kind)
            event = Event.CEILING_RAISES if is_raise else Event.CEILING_LOWERED
            _record(event, row, owners, by=by, origin=origin)
    return done


def keep(*, account: ClientAccount, by: int, origin: Origin) -> bool:
    """Drops every raise that is still to come. False where none is. Raises ``NotOwner``."""
    with transaction.atomic():
        owners, now = _locked(account, by), timezone.now()
        waiting = list(Ceiling.objects.filter(account=account, turns_at__gt=now))
        for row in waiting:
            _save(row, Standing(row.value), by, now)
            _record(Event.CEILING_KEPT, row, owners, by=by, origin=origin)
        return bool(waiting)


def drop(user: User, *, origin: Origin, at: datetime) -> int:
    """Everything was stopped: no ceiling of an account of ``user`` rises any more, and its other
    owners are told. The caller holds the user's lock. Returns how many there were."""
    mine = Ceiling.objects.filter(account__in=owned(user.pk).order_by(), turns_at__gt=at)
    waiting = list(mine.select_related("account").order_by("pk"))
    for row in waiting:
        _save(row, Standing(row.value), user.pk, at)
        detail = _detail(row) | {"why": "frozen"}
        audit.record(Event.CEILING_KEPT, user=user, origin=origin, actor="system", detail=detail)
        tell_others(
            Event.CEILING_KEPT,
            account=row.account,
            roles=[Role.OWNER],
            but=user.pk,
            origin=origin,
            detail=detail | {"why": OTHERS},
        )
    return len(waiting)


def _locked(account: ClientAccount, by: int) -> list[User]:
    """Every owner, then the account: the one order of locks."""
    mine = Membership.objects.filter(account=account, role=Role.OWNER)
    owners = [audit.lock(pk) for pk in sorted(mine.values_list("user_id", flat=True))]
    ClientAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if by not in mine.values_list("user_id", flat=True) or by not in {one.pk for one in owners}:
        raise NotOwner
    return owners


def _row(account: ClientAccount, kind: Kind) -> Ceiling:
    row = Ceiling.objects.filter(account=account, kind=kind).first()
    return row or Ceiling(account=account, kind=kind)


def _save(row: Ceiling, standing: Standing, by: int, now: datetime) -> None:
    row.put(standing)
    row.changed_at, row.changed_by_id = now, by
    row.save()


def _record(event: Event, row: Ceiling, owners: list[User], *, by: int, origin: Origin) -> None:
    names = {one.pk: one.username for one in owners}
    for owner in owners:
        actor = "self" if owner.pk == by else f"user:{names[by]}"
        audit.record(event, user=owner, origin=origin, actor=actor, detail=_detail(row))


def _detail(row: Ceiling) -> dict[str, str]:
    amount = row.value if row.turns_at is None else row.coming
    return {
        "account": row.account.number,
        "ceiling": row.kind,
        "amount": "" if amount is None else f"{amount:.2f}",
        "at": row.turns_at.isoformat(timespec="minutes") if row.turns_at else "",
    }
