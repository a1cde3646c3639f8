"""Refuses to run with what is only safe in development.

``manage.py``, the worker and the web server (``portal/wsgi.py``) run these checks; an error stops
each of them. Every refusal says what to set.
"""

import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts import vault
from portal import env

# Production names each of these itself; their defaults serve the demo.
REQUIRED = (
    "SECRET_KEY",
    "PUBLIC_BASE_URL",
    "TRUSTED_PROXY_COUNT",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "KEK_DIR",
    "KEK_ACTIVE",
)
SECRET_KEY_LEAST = 50

# Without any of these a promise of the portal does not hold, in whatever profile.
MIDDLEWARE = (
    "portal.headers.HeadersMiddleware",
    "portal.bodies.BodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sls.screen_lock.middleware.LockMiddleware",
    "accounts.sessions.middleware.SignInMiddleware",
    "accounts.origin.OriginMiddleware",
    "accounts.sessions.middleware.SessionRowMiddleware",
    "sls.enrolment.middleware.GateMiddleware",
    "portal.console.access.AccessMiddleware",
    "sls.step_up.middleware.StepUpMiddleware",
)


def missing_middleware(**_kwargs: Any) -> list[CheckMessage]:
    """One error for each middleware that the portal cannot do without."""
    return [
        Error(f"MIDDLEWARE lacks {name}.", id="portal.E001")
        for name in MIDDLEWARE
        if name not in settings.MIDDLEWARE
    ]


def emulator_elsewhere(**_kwargs: Any) -> list[CheckMessage]:
    """The emulator takes any code for real; it may only be reached within the own network."""
    host = urlsplit(settings.TWILIO_API_BASE).hostname or ""
    if settings.TWILIO_MODE != "emulator" or host == "localhost" or _is_private(host):
        return []
    return [
        Error(
            "TWILIO_API_BASE of the emulator is no loopback or private address.", id="portal.E002"
        )
    ]


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def unsafe_production(**_kwargs: Any) -> list[CheckMessage]:
    """One error a refusal; none outside production."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(sentence, id=f"portal.E{number}")
        for number, refusal in enumerate(REFUSALS, 10)
        for sentence in refusal()
    ]


def _absent() -> Iterator[str]:
    for name in REQUIRED:
        if env.raw(name) is None:
            yield f"{name} is not set; production has no default for it."


def _debug() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on; it shows the code and its values to everybody."


def _default_keys() -> Iterator[str]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(key == settings.DEVELOPMENT_SECRET or len(key) < SECRET_KEY_LEAST for key in keys):
        yield f"SECRET_KEY is known or shorter than {SECRET_KEY_LEAST} characters."
    if not settings.KEK_DIR:
        return
    try:
        keys = vault.read_keys(Path(settings.KEK_DIR))
    except (OSError, ValueError) as error:
        yield f"KEK_DIR cannot be used: {error}."
        return
    if settings.KEK_ACTIVE not in keys:
        yield "KEK_ACTIVE names no file in KEK_DIR."
    if vault.INDEX not in keys:
        yield "KEK_DIR holds no file named index; numbers and locked names are found by that key."
    if vault.AUDIT not in keys:
        yield "KEK_DIR holds no file named audit; checkpoints of the audit are signed by that key."


def _plain_transport() -> Iterator[str]:
    if not settings.HTTPS:
        yield "PUBLIC_BASE_URL is not https."
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "Cookies are sent over plain HTTP."
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        if not name.startswith("__Host-"):
            yield f"The cookie {name} does not carry the prefix __Host-."
    if "*" in settings.ALLOWED_HOSTS:
        yield "PORTAL_HOSTS lets any host name through."


def _telephone() -> Iterator[str]:
    if settings.TWILIO_MODE == "emulator":
        yield "TWILIO_MODE is emulator; codes would be shown to whoever opens its page."
        return
    if not settings.TWILIO_ACCOUNT_SID or not settings.TWILIO_AUTH_TOKENS:
        yield "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS are not both set."
    if bool(settings.TWILIO_API_KEY) != bool(settings.TWILIO_API_SECRET):
        yield "TWILIO_API_KEY and TWILIO_API_SECRET are not both set or both absent."
    if not settings.TWILIO_FROM:
        yield "TWILIO_FROM is not set; calls need a number, whatever sends the messages."
    if settings.TWILIO_MODE == "live" and settings.TWILIO_API_BASE:
        yield "TWILIO_API_BASE is set; live credentials go to Twilio and nowhere else."


def _weak_storage() -> Iterator[str]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield "DATABASE_URL is not PostgreSQL; one writer at a time is for the demo."
    if not settings.PASSWORD_HASHERS[0].endswith(".Argon2PasswordHasher"):
        yield "PASSWORD_HASHERS does not begin with Argon2."


REFUSALS: tuple[Callable[[], Iterator[str]], ...] = (
    _absent,
    _debug,
    _default_keys,
    _plain_transport,
    _telephone,
    _weak_storage,
)
ALL = (missing_middleware, emulator_elsewhere, unsafe_production)
