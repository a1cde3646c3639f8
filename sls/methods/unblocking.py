"""Two of staff let an authenticator take answers again that wrong ones had disabled."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users import two
from accounts.users.models import User
from sls.methods import registry
from sls.methods.device import Authenticator, row_id
from sls.methods.protocol import Method


def unblock(*, user: User, device: str, by: Sequence[User], reason: str, origin: Origin) -> bool:
    """Forgets the wrong answers of ``device`` (a persistent id). False when it is not one of the
    user's that wrong answers had disabled. Raises ``two.NotTwo``.

    Nobody proves anything by it: the next answer has to be right as ever. Of a card the wrong
    answers are forgotten for every user name that it serves.
    """
    with transaction.atomic():
        locked = audit.lock(user.pk)
        actor = two.actor(by, on=locked)
        method, found = find(device, user=locked)
        if found is None or found.disabled_since is None:
            return False
        found.unblock()
        detail = {"method": method.code, "device": found.name, "reason": reason}
        audit.record(Event.DEVICE_UNBLOCKED, user=locked, origin=origin, actor=actor, detail=detail)
    return True


def find(device: str, *, user: User) -> tuple[Method | None, Authenticator | None]:
    """The user's enrolled authenticator of a persistent id, also a disabled one, and its method."""
    label, _slash, number = device.rpartition("/")
    method = next((one for one in registry.METHODS if one.model.model_label() == label), None)
    if method is None or not (number.isascii() and number.isdigit()):
        return None, None
    return method, _held(method, user).filter(pk=row_id(device)).first()


def _held(method: Method, user: User) -> QuerySet[Authenticator]:
    return method.model.objects.filter(user=user, confirmed=True, revoked_at=None)
