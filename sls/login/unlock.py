"""Staff lift a lock."""

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.lockout import services
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice
from accounts.users.models import User


def unlock(*, user: User, reason: str, actor: str, origin: Origin) -> bool:
    """Forgets the wrong passwords of a user from everywhere; says whether there were any.

    Recorded with its reason either way: that staff did it matters, not that it helped.
    """
    devices = KnownDevice.objects.filter(user=user).values_list("digest", flat=True)
    keys = [services.key_of(user.username, device) for device in ("", *devices)]
    with transaction.atomic():
        row = audit.lock(user.pk)
        cleared = services.clear(*keys)
        audit.record(
            Event.SIGN_IN_UNLOCKED, user=row, origin=origin, actor=actor, detail={"reason": reason}
        )
    return cleared > 0
