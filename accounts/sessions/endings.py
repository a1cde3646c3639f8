"""What a person ends: a session, all others, or that a browser is known. Only rights go."""

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions import services
from accounts.sessions.listing import REFERENCE
from accounts.sessions.models import End, KnownDevice, Session
from accounts.users.models import User


def end_one(*, user_id: int, reference: str, origin: Origin) -> bool:
    """Ends the session of the user whose key begins so; False when there is none."""
    if len(reference) != REFERENCE:
        return False
    row = Session.objects.filter(user=user_id, ended_at=None, key__startswith=reference).first()
    return row is not None and services.end(row=row, why=End.CLOSED, origin=origin)


def end_others(*, user_id: int, origin: Origin) -> int:
    """Ends every session of the user but that of ``origin``. Returns how many."""
    with transaction.atomic():
        user = audit.lock(user_id)
        return services.close_all(user=user, why=End.CLOSED, origin=origin, spare=origin.session)


def forget(*, user_id: int, pk: int, origin: Origin) -> bool:
    """The browser counts as new from its next sign-in on; False when it is not the user's."""
    with transaction.atomic():
        user = audit.lock(user_id)
        if not KnownDevice.objects.filter(user=user, pk=pk).delete()[0]:
            return False
        audit.record(Event.BROWSER_FORGOTTEN, user=user, origin=origin)
        return True


def forget_all(user: User) -> int:
    """Every browser of the user counts as new from now on; records nothing. The caller holds the
    user's lock. Returns how many there were."""
    return KnownDevice.objects.filter(user=user).delete()[1].get(KnownDevice._meta.label, 0)
