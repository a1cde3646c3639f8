"""Are your e-mail address and telephone number still right? Asked again twice a year (FEATURES 96).

What is asked, and when, stands on the user row, which every page has loaded anyway.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts import rules
from accounts.origin import Origin
from accounts.users.models import User


def is_due(user: User, now: datetime) -> bool:
    """Whether ``user`` is to be asked now. No query."""
    ask_from = rules.ask_from(
        every=timedelta(days=settings.CONTACT_CHECK_DAYS),
        activated_at=user.activated_at,
        confirmed_at=user.contacts_confirmed_at,
        put_off=user.contacts_ask_at,
    )
    return ask_from is not None and not user.is_staff and now >= ask_from


def confirm(*, user_id: int, origin: Origin) -> None:
    """Everything is right; the question comes again after ``CONTACT_CHECK_DAYS``."""
    with transaction.atomic():
        user = audit.lock(user_id)
        user.contacts_confirmed_at, user.contacts_ask_at = timezone.now(), None
        user.save(update_fields=["contacts_confirmed_at", "contacts_ask_at"])
        audit.record(Event.CONTACTS_CONFIRMED, user=user, origin=origin)


def put_off(*, user: User) -> None:
    """Asks later (``CONTACT_CHECK_LATER_DAYS``), if it is asked now at all."""
    now = timezone.now()
    if is_due(user, now):
        user.contacts_ask_at = now + timedelta(days=settings.CONTACT_CHECK_LATER_DAYS)
        user.save(update_fields=["contacts_ask_at"])
