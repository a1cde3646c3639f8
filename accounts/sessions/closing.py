"""The end of a user name: nobody signs in with it, and its record stays."""

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions import services
from accounts.sessions.models import End
from accounts.users.models import User


def close(*, user: User, reason: str, actor: str, origin: Origin) -> bool:
    """Ends every session and lets none begin; False when it was so already. The caller holds the
    user's lock."""
    if not user.is_active:
        return False
    user.is_active = False
    user.save(update_fields=["is_active"])
    services.close_all(user=user, why=End.REVOKED, origin=origin)
    detail = {"reason": reason}
    audit.record(Event.ACCOUNT_CLOSED, user=user, origin=origin, actor=actor, detail=detail)
    return True
