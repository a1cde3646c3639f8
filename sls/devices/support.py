"""What support does with an authenticator of somebody whom they have identified."""

from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from sls.devices import listing
from sls.methods.device import Authenticator


def suspend(*, user: User, device: str, origin: Origin, actor: str) -> str | None:
    """``device`` (a persistent id) takes no answers any more, and the sessions that it proved end.

    Returns its name, None when there is none that takes any. Taking it back is
    ``sls.methods.unblocking``. The caller holds the user's lock.
    """
    found = _find(user, device)
    if found is None or found.disabled_since is not None:
        return None
    found.disabled_at = timezone.now()
    found.save(update_fields=["disabled_at"])
    sessions.close_all(user=user, why=End.REVOKED, origin=origin, device=device)
    detail = {"method": listing.method_of(found).code, "device": found.name}
    audit.record(Event.DEVICE_SUSPENDED, user=user, origin=origin, actor=actor, detail=detail)
    return found.name


def revoke(*, user: User, device: str, origin: Origin) -> str | None:
    """``device`` (a persistent id) proves nothing any more, for good, also when it was the last:
    whoever lost it is helped back in otherwise. Returns its name, None when it was gone. The
    caller holds the user's lock, and two of staff have agreed."""
    found = _find(user, device)
    if found is None:
        return None
    listing.method_of(found).revoke(found, user=user, origin=origin, why="support")
    return found.name


def _find(user: User, device: str) -> Authenticator | None:
    return next((one for one in listing.held(user.pk) if one.persistent_id == device), None)
