"""What a new SIM card bars: its number confirms no sensitive change while it is new.

Signing in goes on. A change of SIM is usually a new telephone, and sometimes a thief (NIST SP
800-63B-4, 3.1.3.3).
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.outbox import lookups
from accounts.outbox.rules import new_sim_until


def settled(phones: QuerySet[PhoneNumber], now: datetime) -> QuerySet[PhoneNumber]:
    """Those of ``phones`` whose SIM card is not new, as far as is known."""
    return phones.exclude(sim_swapped_at__gt=now - lookups.new_sim_wait())


def barred_until(contact: PhoneNumber | EmailAddress, now: datetime) -> datetime | None:
    """Until when ``contact`` confirms nothing because its SIM card is new; None when it may."""
    swapped_at = getattr(contact, "sim_swapped_at", None)
    return new_sim_until(swapped_at, wait=lookups.new_sim_wait(), now=now)


def others_to_tell(phone: PhoneNumber) -> list[PhoneNumber]:
    """The owner's other verified numbers that have no new SIM card either. One query."""
    others = PhoneNumber.objects.filter(user_id=phone.user_id, verified_at__isnull=False)
    found = settled(others.exclude(number=phone.number), timezone.now())
    return list(found.order_by("-primary", "created_at"))
