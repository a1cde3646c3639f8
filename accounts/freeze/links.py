"""The address in a mail by which its reader stops everything without a session; a phone that
refused a request gets one, too, for an hour.

Signed, for one user, one address that the mail went to, and the time it was written. It can only
take rights away, works as often as it is opened for ``FREEZE_LINK_DAYS``, and no longer once the
owner has come back after a freeze: then newer mails have newer links.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.contacts.models import EmailAddress
from accounts.freeze.models import Freeze
from accounts.users.models import User
from accounts.vault import blind_index

SALT = "accounts.freeze.link"
# In the place of an address: the telephone that has just refused a request, signed by its key.
PHONE = "phone"
PHONE_LIFE = timedelta(hours=1)


class Over(StrEnum):
    """Why a link that was signed here stops nothing any more."""

    OLD = "old"  # its time is over
    BACK = "back"  # the owner has come back since
    GONE = "gone"  # the address never was the owner's own, or is theirs no longer


@dataclass(frozen=True, slots=True)
class Told:
    """Whose link it is, and the address that the mail went to, "" of one that a phone was given;
    ``over`` is None while it works."""

    user: User
    masked: str
    over: Over | None


def url(user: User, *, to: str, at: datetime) -> str:
    """The whole address for the mail to ``to``, or for ``PHONE``, written at ``at``. No query."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('freeze_link', args=[token(user, to=to, at=at)])}"


def token(user: User, *, to: str, at: datetime) -> str:
    """What stands in it: the address only as a keyed digest, because links are copied about."""
    return signing.Signer(salt=SALT).sign_object([user.pk, _mark(to), int(at.timestamp())])


def _mark(address: str) -> str:
    return blind_index(address.casefold(), "freeze link")[:20]


def read(signed: str) -> Told | None:
    """None for what was not signed here. Three queries at most."""
    try:
        user_id, mark, written = signing.Signer(salt=SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    at = datetime.fromtimestamp(written, tz=UTC)
    if mark == _mark(PHONE):
        is_old = timezone.now() >= at + PHONE_LIFE
        return Told(user, "", Over.OLD if is_old else _came_back(user, at))
    email = next((one for one in _known(user) if _mark(one.address) == mark), None)
    return Told(user, email.masked if email else "", _over(user, email, at))


def _known(user: User) -> list[EmailAddress]:
    return list(EmailAddress.kept.filter(user=user))


def _over(user: User, email: EmailAddress | None, at: datetime) -> Over | None:
    if timezone.now() >= at + timedelta(days=settings.FREEZE_LINK_DAYS):
        return Over.OLD
    if email is None or not _is_theirs(email):
        return Over.GONE
    return _came_back(user, at)


def _came_back(user: User, at: datetime) -> Over | None:
    # Written to the second; a mail of the very second of the thaw still works.
    later = at + timedelta(seconds=1)
    came_back = Freeze.objects.filter(user=user, thawed_at__gte=later)
    return Over.BACK if came_back.exists() else None


def _is_theirs(email: EmailAddress) -> bool:
    """On the list, or taken off it by whoever: an address that was trusted may still object, and
    above all to that. One that somebody added lately may not, once it is gone."""
    if email.removed_at is None:
        return email.verified_at is not None
    return email.trusted_from is not None and email.trusted_from <= email.removed_at
