from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import Origin
from accounts.passwords import common, rules
from accounts.passwords.rules import Reason, Words
from accounts.users.models import User
from accounts.users.services import normalised
from accounts.users.slots import hash_slot


class AlreadySet(Exception):
    """The user has a password; changing it is another act."""


def refusals(*, user: User, password: str) -> list[Reason]:
    """Why ``user`` may not take this password; empty when they may. Two queries."""
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
    with hash_slot():
        encoded = make_password(normalised(password))
    with transaction.atomic():
        row = audit.lock(user.pk)
        if row.has_usable_password():
            raise AlreadySet
        row.password = encoded
        row.save(update_fields=["password"])
        audit.record(Event.PASSWORD_SET, user=row, origin=origin)
    return []
