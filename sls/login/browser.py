"""What binds an attempt to the browser that posted the password: a cookie of its own."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.origin import digest
from sls.login.models import Attempt


def new_secret() -> str:
    """256 random bits for the cookie."""
    return secrets.token_urlsafe(32)


def _name(attempt_digest: str) -> str:
    # One cookie an attempt, so that two tabs do not take each other's place.
    return f"{settings.ATTEMPT_COOKIE_PREFIX}{attempt_digest[:12]}"


def bind(response: HttpResponse, token: str, secret: str) -> None:
    """Gives the browser its half of the attempt."""
    response.set_cookie(
        _name(digest(token)),
        secret,
        max_age=settings.ATTEMPT_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def release(response: HttpResponse, attempt: Attempt) -> None:
    """Takes the cookie back from an attempt that gave way to another."""
    response.delete_cookie(_name(attempt.digest), samesite="Lax")


def holds(request: HttpRequest, attempt: Attempt) -> bool:
    """Whether this request comes from the browser that began the attempt."""
    secret = request.COOKIES.get(_name(attempt.digest), "")
    return bool(secret) and constant_time_compare(digest(secret), attempt.browser)
