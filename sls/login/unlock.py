"""A lock is lifted: by staff, or by the owner who has proven it otherwise (``sls/unlocking``)."""

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
    with transaction.atomic():
        row = audit.lock(user.pk)
        cleared = _forget(row)
        audit.record(
            Event.SIGN_IN_UNLOCKED, user=row, origin=origin, actor=actor, detail={"reason": reason}
        )
    return cleared > 0


def by_owner(*, user: User, method: str, origin: Origin) -> None:
    """The same for somebody who has answered by ``method`` and read a code from the e-mail. The
    caller holds the user's lock."""
    _forget(user)
    audit.record(Event.SIGN_IN_UNLOCKED, user=user, origin=origin, detail={"method": method})


def _forget(user: User) -> int:
    devices = KnownDevice.objects.filter(user=user).values_list("digest", flat=True)
    return services.clear(*(services.key_of(user.username, device) for device in ("", *devices)))
