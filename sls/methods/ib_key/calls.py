"""Who calls: every call of a phone is signed by the key of the user that it is for.

No cookie and no token opens these operations. A call is good once (its nonce) and for a few
minutes (its time); a phone whose clock is wrong is told the time, and asks again.
"""

import re
import time
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from accounts import limits
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.origin import Origin
from sls.methods.ib_key import signing
from sls.methods.ib_key.models import IbKeyDevice

_SIGN = "[-_0-9A-Za-z]"
_HEADER = re.compile(
    rf"IBKey key=([0-9]{{1,18}}), at=([0-9]{{1,12}}), nonce=({_SIGN}{{22}}), sig=({_SIGN}{{86}})"
)


class Refused(Exception):
    """Answered as problem+json; ``kind`` is the last word of its type."""

    def __init__(self, status: int, kind: str, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


@dataclass(frozen=True, slots=True)
class Phone:
    """Whoever signed a call: ``device`` with its user, and where the call came from."""

    device: IbKeyDevice
    origin: Origin


def site() -> str:
    """The origin that phones sign for; what another page asks them to sign is worth nothing."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


class Signed(HttpBearer):
    """A call signed by an active phone; ``pending`` lets in one that is not active yet.

    ``inside`` holds the call against the list of addresses of its user, for platform "mobile". It
    is asked of what changes the authenticator, as activating one is held. Approving and refusing
    are let in from everywhere: the sign-in that asks was held at its own address, and the phone
    that approves it is on the road, on mobile data whose address nobody knows beforehand.
    """

    openapi_scheme = "IBKey"

    def __init__(self, *, pending: bool = False, inside: bool = False) -> None:
        super().__init__()
        self.pending, self.inside = pending, inside

    def __call__(self, request: HttpRequest) -> Phone:
        """Raises ``Refused`` and ``limits.TooMany``."""
        limits.demand("phones_per_address", request.origin.network)
        read = _HEADER.fullmatch(request.headers.get("Authorization", ""))
        if read is None:
            raise Refused(401, "signature", _("The call is not signed."))
        key, at, nonce, signature = read[1], int(read[2]), read[3], read[4]
        device = IbKeyDevice.objects.select_related("user", "endpoint").filter(pk=int(key)).first()
        text = signing.call_text(
            method=request.method or "",
            path=request.path,
            body=request.body,
            at=at,
            nonce=nonce,
            origin=site(),
        )
        point = device.public_key if device else _NOBODY
        if not signing.is_signed(point, text, signing.decode(signature)) or device is None:
            raise Refused(401, "signature", _("The signature does not match."))
        _demand_fresh(device, at, nonce)
        self._demand_standing(device)
        origin = replace(request.origin, platform="mobile")
        if self.inside and not addresses.decide(user=device.user, origin=origin).is_let_in:
            raise Refused(403, "address", _("Your list of addresses does not allow this here."))
        return Phone(device, origin)

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not asked: ``__call__`` reads the header itself."""

    def _demand_standing(self, device: IbKeyDevice) -> None:
        if device.revoked_at is not None:
            newer = IbKeyDevice.objects.filter(user_id=device.user_id, confirmed=True)
            if newer.filter(created_at__gt=device.created_at).exists():
                raise Refused(410, "replaced", _("Another phone took the place of this one."))
            raise Refused(410, "removed", _("This phone was removed."))
        if device.disabled_at is not None:
            raise Refused(410, "suspended", _("IB Key is suspended after wrong responses."))
        if not device.confirmed and not self.pending:
            raise Refused(401, "signature", _("This phone is not active yet."))
        if not device.user.is_active or is_frozen(device.user):
            raise Refused(410, "stopped", _("Everything is stopped for this user name."))


# Verifying against it costs an unknown phone what it costs a known one.
_NOBODY = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def _demand_fresh(device: IbKeyDevice, at: int, nonce: str) -> None:
    now = int(time.time())
    if abs(now - at) > settings.IB_KEY_CLOCK:
        raise Refused(401, "clock", _("The clock of the phone is wrong."), now=now)
    # A cache that cannot be asked raises, and nothing is done.
    if not cache.add(f"ib_key:nonce:{device.pk}:{nonce}", 1, 2 * settings.IB_KEY_CLOCK):
        raise Refused(401, "signature", _("That call was made already."))
