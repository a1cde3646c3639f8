"""What binds something begun to the browser that began it, and by which the browser is known later:
cookies of their own."""

import secrets
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.origin import digest, halves


class Bound(Protocol):
    """What is found by a token: ``digest`` is that of the token, ``browser`` that of the cookie."""

    digest: str
    browser: str


def new_secret() -> str:
    """256 random bits for the cookie."""
    return secrets.token_urlsafe(32)


def _name(of: str) -> str:
    # One cookie each, so that two tabs do not take each other's place.
    return f"{settings.ATTEMPT_COOKIE_PREFIX}{of[:12]}"


def bind(response: HttpResponse, token: str, secret: str, *, life: int | None = None) -> None:
    """Gives the browser its half of what ``token`` finds, for ``life`` seconds, by default those
    of a sign-in."""
    response.set_cookie(
        _name(digest(token)),
        secret,
        max_age=life or settings.ATTEMPT_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def release(response: HttpResponse, bound: Bound) -> None:
    """Takes the cookie back from what gave way to another."""
    response.delete_cookie(_name(bound.digest), samesite="Lax")


def began(request: HttpRequest, token: str) -> bool:
    """Whether this browser holds a half of what ``token`` found, though nothing is there any more
    to compare it with."""
    return _name(digest(token)) in request.COOKIES


def holds(request: HttpRequest, bound: Bound) -> bool:
    """Whether this request comes from the browser that began it."""
    secret = request.COOKIES.get(_name(bound.digest), "")
    return bool(secret) and constant_time_compare(digest(secret), bound.browser)


def mark(response: HttpResponse, request: HttpRequest, *, series: str, token: str) -> None:
    """Gives the browser the next token of its series, or of a new one; ``series`` is "" where it
    keeps the one that it has."""
    name = settings.DEVICE_COOKIE_NAME
    series = series or halves(request.COOKIES[name])[0]
    response.set_cookie(
        name,
        f"{series}.{token}",
        max_age=settings.DEVICE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
