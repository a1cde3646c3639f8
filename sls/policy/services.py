from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership, Role
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods import registry
from sls.policy import rules
from sls.policy.models import CLIENT, STAFF, Policy
from sls.policy.rules import Standing

ROLES = (CLIENT, STAFF, *Role.values)
LAST_TO_BEGIN = ZoneInfo("Etc/GMT+12")  # where every day begins last


class CannotSet(ValueError):
    """The policy stays as it is; the message is one line for an operator."""


def _holds_strong() -> ExpressionWrapper:
    """In a query of users: whether they hold something strong enough, be it disabled."""
    held = (
        Q(Exists(one.devices(OuterRef("pk"))))
        | Q(
            Exists(
                one.model.objects.filter(
                    user=OuterRef("pk"),
                    confirmed=True,
                    revoked_at=None,
                    disabled_at__isnull=False,
                )
            )
        )
        for one in registry.METHODS
        if one.strength >= rules.DEMANDED
    )
    return ExpressionWrapper(reduce(or_, held, Q(Value(False))), output_field=BooleanField())


# What the policies say of a user, as annotations in a query of users.
FACTS = {
    "policy_of_one": Subquery(Policy.objects.of_one().order_by("begins").values("begins")[:1]),
    "policy_of_many": Subquery(Policy.objects.of_many().order_by("begins").values("begins")[:1]),
    "holds_strong": _holds_strong(),
}


@prepared
def _locked(user_id: int) -> QuerySet[User]:
    return User.objects.annotate(**FACTS).select_for_update(no_key=True).filter(pk=user_id)


def lock(user_id: int) -> User:
    """``audit.lock``, and what the policies say of the user read along in the same statement."""
    return _locked.one(user_id=user_id)


def read(user_id: int) -> User:
    """The same without a lock. One query."""
    return _read.one(user_id=user_id)


@prepared
def _read(user_id: int) -> QuerySet[User]:
    return User.objects.annotate(**FACTS).filter(pk=user_id)


def standing(user: User) -> Standing:
    """What the policies demand of a user from ``lock``, ``read`` or ``audience``. No query."""
    today = timezone.localdate(timezone=ZoneInfo(user.zone))
    return rules.standing((user.policy_of_one, user.policy_of_many), today)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a policy is for: exactly one of the three."""

    user: User | None = None
    role: str = ""
    entity: str = ""


def today_everywhere() -> date:
    """The latest day that has begun for everybody."""
    return timezone.localdate(timezone=LAST_TO_BEGIN)


def audience(subject: Subject | Policy) -> QuerySet[User]:
    """The people whom a policy for ``subject`` covers, with what all policies say of them."""
    people = User.objects.filter(is_active=True).annotate(**FACTS)
    if subject.user is not None:
        return people.filter(pk=subject.user.pk)
    if subject.role in (CLIENT, STAFF):
        return people.filter(is_staff=subject.role == STAFF)
    mine = Membership.objects.filter(user=OuterRef("pk"))
    if subject.role:
        return people.filter(Exists(mine.filter(role=subject.role)))
    return people.filter(Exists(mine.filter(account__entity=subject.entity)))


def make(
    *, subject: Subject, begins: date, reason: str, at_once: bool, origin: Origin, actor: str
) -> Policy:
    """Writes a policy; everybody whom it covers is told soon (``telling``).

    Unless ``at_once``, it begins no sooner than ``POLICY_NOTICE_DAYS`` from now. Raises
    ``CannotSet``.
    """
    short = rules.days_short(
        begins=begins, today=timezone.now().date(), notice=settings.POLICY_NOTICE_DAYS
    )
    if short and not at_once:
        raise CannotSet(
            f"{begins} leaves less than {settings.POLICY_NOTICE_DAYS} days of notice; "
            "choose a later day, or --now with a --reason"
        )
    if at_once and not reason:
        raise CannotSet("a policy without notice needs a reason")
    policy = Policy(user=subject.user, role=subject.role, entity=subject.entity, begins=begins)
    return _write(policy, reason, origin=origin, actor=actor)


def default_for(*, user: User, entity: str, origin: Origin, actor: str) -> None:
    """A new client of an entity in ``PASSKEY_DEFAULT_ENTITIES`` begins with a passkey.

    Nothing has to be announced: the first sign-in leads to it. It is a policy of the client's
    own, so that it can be withdrawn for the reason that the client gives. Comes last in its
    transaction: it reads and moves the head of the user's chain.
    """
    if entity in settings.PASSKEY_DEFAULT_ENTITIES:
        policy = Policy(user=user, begins=today_everywhere(), announced_at=timezone.now())
        _write(policy, f"default of entity {entity}", origin=origin, actor=actor)


def _write(policy: Policy, reason: str, *, origin: Origin, actor: str) -> Policy:
    policy.reason, policy.made_at = reason[:200], timezone.now()
    with transaction.atomic():
        row = _lock(policy.user)
        earlier = _in_hand(policy).first()
        if earlier is not None:
            raise CannotSet(
                f"there is a policy for {earlier.covers} from {earlier.begins}; withdraw it first"
            )
        policy.save(force_insert=True)
        _record(Event.POLICY_SET, policy, row, reason, origin=origin, actor=actor)
    return policy


def withdraw(*, subject: Subject, reason: str, origin: Origin, actor: str) -> Policy:
    """Ends the policy of ``subject``. It lowers safety, so it needs a reason.

    Open sessions keep what was demanded of them until they end. Raises ``CannotSet``.
    """
    if not reason:
        raise CannotSet("withdrawing a policy needs a reason")
    with transaction.atomic():
        row = _lock(subject.user)
        policy = _in_hand(subject).select_for_update(of=("self",)).first()
        if policy is None:
            raise CannotSet("there is no such policy")
        policy.ended_at = timezone.now()
        policy.save(update_fields=["ended_at"])
        _record(Event.POLICY_WITHDRAWN, policy, row, reason, origin=origin, actor=actor)
    return policy


def _lock(user: User | None) -> User | None:
    return audit.lock(user.pk) if user is not None else None


def _in_hand(subject: Subject | Policy) -> QuerySet[Policy]:
    return Policy.objects.in_hand().filter(
        user=subject.user, role=subject.role, entity=subject.entity
    )


def _record(
    event: Event, policy: Policy, user: User | None, reason: str, *, origin: Origin, actor: str
) -> None:
    """In the chain of the user whom it is for, else in that of the system."""
    audit.record(
        event,
        user=user,
        origin=origin,
        actor=actor,
        detail={"covers": policy.covers, "from": policy.begins.isoformat(), "reason": reason},
    )
