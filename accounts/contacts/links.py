"""The address in a mail by which the old side of a change undoes it.

Signed, for one change and one address of those that were trusted before it. It opens without a
session, and can only restore what was before.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.contacts import rules
from accounts.contacts.models import Change, EmailAddress

SALT = "accounts.contacts.undo"


def of(change: Change | None, email: EmailAddress) -> str:
    """The address for the mail to ``email``, "" where that is not the old side of a change."""
    if change is None or change.undone_at is not None:
        return ""
    if not rules.is_old_side(changed_at=change.at, trusted_from=email.trusted_from):
        return ""
    token = signing.Signer(salt=SALT).sign_object([change.pk, email.pk])
    return f"{settings.PUBLIC_BASE_URL}{reverse('contact_undo', args=[token])}"


def read(token: str) -> tuple[int, int] | None:
    """The ids of the change and of the address that was told, None for what was not signed here."""
    try:
        change, email = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return change, email
