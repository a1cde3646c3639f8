"""Adding somebody to an account: a user name that exists, or a new one that is invited by mail."""

from dataclasses import dataclass

from django.db import transaction

from accounts.audit import services as audit
from accounts.challenges.rules import Bar
from accounts.client_accounts import people
from accounts.client_accounts.models import Role
from accounts.client_accounts.rules import Refusal
from accounts.contacts import reached
from accounts.contacts.rules import canonical_email
from accounts.origin import Origin
from accounts.users.models import User
from sls.enrolment import services
from sls.enrolment.activation import send_code
from sls.enrolment.services import NewUser


class Unknown:
    """There is no such user name with that address; which of the two is wrong is not said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where, and as what. ``by`` is the id of who looks after the account."""

    number: str
    role: Role
    by: int


def add_existing(
    *, place: Place, username: str, email: str, origin: Origin
) -> Refusal | type[Unknown] | None:
    """Adds a user name to an account, if ``email`` is one of its verified addresses: names alone
    are easily guessed. Returns None when that is done."""
    user = User.objects.by_name(username)
    known = reached.addresses_to_tell(user.pk if user else 0)
    wanted = canonical_email(email).casefold()
    if user is None or user.is_staff or wanted not in [one.casefold() for one in known]:
        return Unknown
    return _add(place, user, origin)


def invite(*, place: Place, new: NewUser, origin: Origin) -> Refusal | None:
    """Makes a user name on the account and mails its activation code. All or nothing.

    Raises ``services.CannotOpen`` where the name was taken meanwhile or no mail may be sent.
    """
    with transaction.atomic():
        user = services.write_user(new)
        refusal = _add(place, user, origin)
        if refusal is not None:
            transaction.set_rollback(True)
            return refusal
        inviter = User.objects.get(pk=place.by)
        sending = send_code(
            user=audit.lock(user.pk), origin=origin, actor=f"user:{inviter.username}", planned=True
        )
        if sending.bar not in (None, Bar.SPACING):
            raise services.CannotOpen(f"no code may be mailed now: {sending.bar.value}")
    return None


def _add(place: Place, user: User, origin: Origin) -> Refusal | None:
    return people.add(
        number=place.number, user_id=user.pk, role=place.role, by=place.by, origin=origin
    )
