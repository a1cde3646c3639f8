"""What staff looked at, as entries of the system's chain: the client's own record tells of acts,
this one of eyes. Auditors read it; the client is not told by an alert."""

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.users.models import User
from portal.console.doors import actor_of


def seen(staff: User, user: User, origin: Origin, *, part: str = "client") -> Entry:
    """Writes that ``staff`` opened a page about ``user``; ``part`` names the page.

    ``origin`` is the whole one of the request (``request.origin``): no client reads this entry.
    Locks nothing but the system's chain, so it comes after every lock of a user.
    """
    with transaction.atomic():
        return audit.record(
            Event.CLIENT_OPENED,
            user=None,
            origin=origin,
            actor=actor_of(staff),
            detail={"client": user.pk, "username": user.username, "part": part},
        )
