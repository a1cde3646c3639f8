"""The signed address on a kit."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.users.models import User

SALT = "portal.recovery_kit"
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Printed:
    """Whose kit it is, since when, and the digests of what stands on it."""

    user: User
    at: datetime
    packed: str


def url(user: User, *, at: datetime, packed: str) -> str:
    """The whole address for the code on the paper."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('kit_current', args=[token(user, at, packed)])}"


def token(user: User, at: datetime, packed: str) -> str:
    """What stands in it: no fact, only digests that need the key of the house."""
    return signing.Signer(salt=SALT).sign_object([user.pk, int(at.timestamp()), packed])


def read(signed: str) -> Printed | None:
    """None for what was not signed here, or belongs to nobody any more. One query."""
    if len(signed) > LONGEST:
        return None
    try:
        user_id, at, packed = signing.Signer(salt=SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return Printed(user, datetime.fromtimestamp(at, tz=UTC), packed) if user else None
