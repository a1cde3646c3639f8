"""Whether the person may prove anything now, read along with the lock of the user's row."""

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, When

from accounts.freeze.services import is_frozen
from accounts.lockout import services as lockout
from accounts.lockout.rules import Bar, may_authenticate
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from sls.methods.rules import Strength


def lock(user: User, *, origin: Origin) -> User:
    """``audit.lock``, and what the counter of wrong passwords holds that judges this browser."""
    return _locked.one(
        user_id=user.pk,
        device=origin.device,
        here=lockout.key_of(user.username, origin.device),
        anywhere=lockout.key_of(user.username),
    )


@prepared
def _locked(user_id: int, device: str, here: str, anywhere: str) -> QuerySet[User]:
    known = KnownDevice.objects.filter(user=OuterRef(OuterRef("pk")), digest=device)
    key = Case(When(Exists(known), then=here), default=anywhere, output_field=CharField())
    people = User.objects.annotate(**lockout.counted(key))
    return people.select_for_update(no_key=True).filter(pk=user_id)


def bar(user: User, *, strength: int) -> Bar | None:
    """Why an answer of ``strength`` proves nothing now, though it was right, or None. ``user`` is
    from ``lock``."""
    return may_authenticate(
        active=user.is_active,
        frozen=is_frozen(user),
        locked=lockout.is_locked(user),
        by_passkey=strength >= Strength.PHISHING_RESISTANT,
    )
