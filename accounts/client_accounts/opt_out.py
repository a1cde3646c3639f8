"""The opt-out of older days: trading platforms by password alone, at the price of lower limits.

There is no way to opt out. A flag may be imported for whoever was opted out before, and it is the
owner of an account who opts its users back in.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts import rules
from accounts.client_accounts.models import Membership, Role
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User


class CannotOptOut(ValueError):
    """The opt-out cannot be imported; the message is one line for an operator."""


def import_opt_out(*, user: User, reason: str, origin: Origin, actor: str) -> bool:
    """Marks ``user`` as opted out; False when that was so already. Raises ``CannotOptOut``."""
    if user.is_staff:
        raise CannotOptOut(f"{user.username} is staff")
    with transaction.atomic():
        locked = audit.lock(user.pk)
        entities = list(
            Membership.objects.filter(user=locked).values_list("account__entity", flat=True)
        )
        if not rules.may_opt_out(entities):
            raise CannotOptOut(f"{user.username} has an account in Hong Kong or India")
        if locked.opted_out:
            return False
        _set(locked, opted_out=True)
        audit.record(
            Event.OPTED_OUT, user=locked, origin=origin, actor=actor, detail={"reason": reason}
        )
    return True


def opt_back_in(*, user_id: int, by: User, origin: Origin) -> User | None:
    """Opts a user back in, at once, on the word of whoever ``may_opt_in``.

    Returns the user, or None when ``by`` may not. Somebody who is in already stays in.
    """
    with transaction.atomic():
        user = audit.lock(user_id) if may_opt_in(by.pk).filter(pk=user_id).exists() else None
        if user is not None and user.opted_out:
            actor = "self" if user == by else f"owner:{by.username}"
            end(user, origin=origin, actor=actor, by=by.name)
    return user


def opt_back_in_by_staff(*, user: User, reason: str, origin: Origin, actor: str) -> bool:
    """Opts a user back in who has asked support for it. False when that was so already."""
    with transaction.atomic():
        locked = audit.lock(user.pk)
        if not locked.opted_out:
            return False
        _set(locked, opted_out=False)
        detail = {"by": settings.PORTAL_BRAND, "reason": reason}
        audit.record(Event.OPTED_BACK_IN, user=locked, origin=origin, actor=actor, detail=detail)
    return True


def end(user: User, *, origin: Origin, actor: str, by: str) -> None:
    """Opts a locked user back in; ``by`` names who or what did it."""
    _set(user, opted_out=False)
    audit.record(Event.OPTED_BACK_IN, user=user, origin=origin, actor=actor, detail={"by": by})


def _set(user: User, *, opted_out: bool) -> None:
    user.opted_out = opted_out
    user.save(update_fields=["opted_out"])


def may_opt_in(owner_id: int) -> QuerySet[User]:
    """The users of the accounts that somebody owns, themselves among them."""
    owned = Membership.objects.filter(user=owner_id, role=Role.OWNER).values("account")
    return User.objects.filter(memberships__account__in=owned).distinct()


def opted_out_of(owner: User) -> list[User]:
    """Whom ``owner`` may opt back in, themselves first. One query."""
    return sorted(_opted_out_of(owner_id=owner.pk), key=lambda user: user != owner)


@prepared
def _opted_out_of(owner_id: int) -> QuerySet[User]:
    return may_opt_in(owner_id).filter(opted_out=True).order_by("name", "pk")


def who_may(user: User) -> list[str]:
    """The names of those who may opt ``user`` back in: owners of the user's accounts. One query."""
    accounts = Membership.objects.filter(user=user).values("account")
    owners = User.objects.filter(memberships__account__in=accounts, memberships__role=Role.OWNER)
    return [owner.name for owner in owners.distinct().order_by("name", "pk")]


def seen_by(user: User) -> dict[str, list]:
    """``people`` whom ``user`` may opt back in; ``who_may``: the names of those who may do that for
    ``user``, if the user may not. One query for whoever is not opted out, else two."""
    people = opted_out_of(user)
    others = user.opted_out and user not in people
    return {"people": people, "who_may": who_may(user) if others else []}
