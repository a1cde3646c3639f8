"""Sharing where the brokerage's numbers do not say that both names are one person's (KB2481).

Compliance looks at the documents and clears the pair. The client then begins the sharing as ever,
with the password and the card of the holder: nobody shares a card for somebody else.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User
from sls.cards.models import Clearance

LIFE = timedelta(days=14)


def clear(*, user: User, holder: User, reason: str, origin: Origin, actor: str) -> bool:
    """Lets ``user`` ask for the card of ``holder`` for two weeks. False where that cannot be: one
    user name, one of staff, or a closed one."""
    people = (user, holder)
    if user == holder or any(one.is_staff or not one.is_active for one in people):
        return False
    with transaction.atomic():
        locked, now = audit.lock(user.pk), timezone.now()
        Clearance.objects.update_or_create(
            user=locked, holder=holder, defaults={"at": now, "until": now + LIFE}
        )
        detail = {"with": holder.username, "reason": reason}
        audit.record(Event.SHARING_CLEARED, user=locked, origin=origin, actor=actor, detail=detail)
    return True


def withdraw(*, user: User, holder: User, reason: str, origin: Origin, actor: str) -> bool:
    """Ends that before its time; what is shared already stays so. False when there is none."""
    with transaction.atomic():
        locked = audit.lock(user.pk)
        gone, _rows = Clearance.objects.filter(user=locked, holder=holder).delete()
        if not gone:
            return False
        detail = {"with": holder.username, "reason": reason}
        audit.record(Event.SHARING_REFUSED, user=locked, origin=origin, actor=actor, detail=detail)
    return True


def is_cleared(*, user: User, holder: User) -> bool:
    """Whether staff have cleared the pair. No query where the numbers say it already."""
    if holder.person and holder.person == user.person:
        return True
    mine = Clearance.objects.filter(user=user, holder=holder)
    return mine.filter(until__gt=timezone.now()).exists()
