"""What differs between the platforms of the one sign-in: words, ways that work there, and how long.

The words are the firm's own, and stand here as they stand on each platform (DOMAIN 1.8). A way
works where its answer can be given: a passkey needs a browser at our address. Trading platforms by
their version read a code out by telephone or do not (S0: LATEST and BETA only).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.challenges.models import Challenge
from accounts.outbox.models import Channel
from accounts.sessions import weekly
from accounts.sessions.rules import WEB
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods.device import row_id
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.ib_key.rules import Element

VERSION = r"^[0-9]{1,6}(\.[0-9]{1,6}){0,3}[a-z]? (stable|latest|beta|STABLE|LATEST|BETA)$"
_READS_OUT = frozenset({"latest", "beta"})
_TYPED = frozenset({"sms", "ib_key", "authenticator_app", "dsc_plus", "backup_codes"})
_TYPED_LATER = frozenset({"temporary_passcode", "online_card"})


@dataclass(frozen=True, slots=True)
class Platform:
    """``again`` is what asks for another code and ``ok`` what confirms it, ``field`` stands beside
    the code and ``submit`` sends it. ``methods`` are those that work there, None for all.
    ``gated`` says that its version decides whether codes are read out."""

    again: str | Promise
    ok: str | Promise
    field: str | Promise
    submit: str | Promise
    methods: Collection[str] | None
    gated: bool = False


_HERE = _TYPED | _TYPED_LATER
PLATFORMS: dict[str, Platform] = {
    "tws": Platform(
        again=_("Request new Security Code"),
        ok=_("OK"),
        field=_("Security Code"),
        submit=_("OK"),
        methods=_HERE,
        gated=True,
    ),
    "webtrader": Platform(
        again=_("Didn't receive a security code?"),
        ok=_("OK"),
        field=_("Security Code"),
        submit=_("Login"),
        methods=None,
    ),
    "mobile_ios": Platform(
        again=_("Request New Code"),
        ok=_("OK"),
        field=_("Security Code"),
        submit=_("Submit"),
        methods=_HERE,
    ),
    "mobile_android": Platform(
        again=_("Request New Security Code"),
        ok=_("OK"),
        field=_("Security Code"),
        submit=_("Login"),
        methods=_HERE,
    ),
    "api": Platform(
        again=_("Request new Security Code"),
        ok=_("OK"),
        field=_("Security Code"),
        submit=_("OK"),
        methods=_HERE,
    ),
}


def takes(platform: str, method: str) -> bool:
    """Whether the platform can take answers of the method; the portal takes all."""
    known = PLATFORMS.get(platform)
    return known is None or known.methods is None or method in known.methods


def reads_out(attempt: Attempt) -> bool:
    """Whether its version of the platform lets a code be asked for by telephone."""
    if not PLATFORMS[attempt.platform].gated:
        return True
    return attempt.client_version.rpartition(" ")[2].lower() in _READS_OUT


def channels(attempt: Attempt, options: Collection[str]) -> list[str]:
    """Those of ``options`` by which a code may be sent again."""
    return [one for one in options if one != Channel.VOICE or reads_out(attempt)]


def program(platform: str, client_version: str, device_name: str) -> str:
    """What a session keeps as its program, in place of what a browser says of itself."""
    named = f"{platform} {client_version}".strip()
    return f"{named} ({device_name})" if device_name else named


def lasts(attempt: Attempt, user: User) -> tuple[timedelta, datetime] | None:
    """How long a session of the attempt lasts; None for the portal, which has times of its own."""
    if attempt.platform == WEB:
        return None
    mobile = attempt.platform.startswith("mobile")
    biometric = mobile and _is_biometric(attempt.challenge)
    return weekly.lasts(user, attempt.platform, timezone.now(), biometric=biometric)


def _is_biometric(challenge: Challenge) -> bool:
    """Whether a fingerprint or a face was part of the proof, as far as it is known. One query."""
    if challenge.method != "ib_key":
        return False
    phone = IbKeyDevice.objects.filter(pk=row_id(challenge.device))
    return phone.filter(element=Element.BIOMETRICS).exists()
