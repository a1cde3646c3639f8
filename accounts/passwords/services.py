from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import Origin
from accounts.passwords import common, history, rules
from accounts.passwords.rules import Reason, Words
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from accounts.users.services import normalised
from accounts.users.slots import hash_slot


class AlreadySet(Exception):
    """The user has a password; changing it is another act."""


class ChangedMeanwhile(Exception):
    """The password is not the one that was proven: another change came first."""


def refusals(*, user: User, password: str) -> list[Reason]:
    """Why ``user`` may not take this password; empty when they may.

    Slow only for one that nothing else speaks against, which is held against the last ones;
    outside transactions. Raises ``slots.NoFreeSlot``.
    """
    reasons = _of_rules(user, password)
    if not reasons and history.holds(user=user, password=password):
        return [Reason.PAST]
    return reasons


def _of_rules(user: User, password: str) -> list[Reason]:
    emails = EmailAddress.objects.filter(user=user).values_list("address", flat=True)
    words = Words(
        common=common.passwords(),
        # Only what stands before the @: a domain such as example.com is not personal.
        personal=[user.username, user.name, *(email.partition("@")[0] for email in emails)],
        phones=list(PhoneNumber.objects.filter(user=user).values_list("number", flat=True)),
        brand=[settings.PORTAL_BRAND, settings.SUPPORT.legal_entity],
    )
    return rules.refusals(password, words, least=settings.PASSWORD_MIN, most=settings.PASSWORD_MAX)


def set_initial(*, user: User, password: str, origin: Origin) -> list[Reason]:
    """Gives a user without password their first one.

    Returns why it was refused; empty when it is set. Slow; outside transactions. Raises
    ``AlreadySet`` and ``slots.NoFreeSlot``.
    """
    reasons = refusals(user=user, password=password)
    if reasons:
        return reasons
    chosen = _hashed(user, password)
    with transaction.atomic():
        row = audit.lock(user.pk)
        if row.has_usable_password():
            raise AlreadySet
        _write(row, chosen)
        audit.record(Event.PASSWORD_SET, user=row, origin=origin)
    return []


def replace(*, user: User, password: str, origin: Origin, spare: str = "") -> list[Reason]:
    """Gives a user another password; ends every other session and what was begun with the old one.

    Returns why it was refused; empty when it is set. ``spare`` is the row key of the session that
    goes on. ``user`` has proven who they are, and is the row as it was then: when the password
    changed since, it raises ``ChangedMeanwhile``. Slow; outside transactions. Raises
    ``slots.NoFreeSlot``.
    """
    reasons = refusals(user=user, password=password)
    if reasons:
        return reasons
    chosen = _hashed(user, password)
    with transaction.atomic():
        row = audit.lock(user.pk)
        if row.password != user.password:
            raise ChangedMeanwhile
        _write(row, chosen)
        audit.record(Event.PASSWORD_CHANGED, user=row, origin=origin)
        sessions.close_all(user=row, why=End.CLOSED, origin=origin, spare=spare)
    return []


@dataclass(frozen=True, slots=True)
class _Hashed:
    encoded: str
    kept: str  # in the history


def _hashed(user: User, password: str) -> _Hashed:
    kept = history.digest(user, password)
    with hash_slot():
        return _Hashed(make_password(normalised(password)), kept)


def _write(row: User, chosen: _Hashed) -> None:
    """Under the lock: whatever was asked about the password before is settled."""
    row.password, row.password_at = chosen.encoded, timezone.now()
    row.password_demanded_at = row.password_reminder_until = None
    row.save(
        update_fields=[
            *("password", "password_at", "password_demanded_at", "password_reminder_until")
        ]
    )
    history.remember(user=row, kept=chosen.kept)
