"""``Idempotency-Key``: a call that is repeated because its answer got lost is not done twice.

The answer to the first call with a key is kept, sealed, for as long as a sign-in may last, and
given again to whoever sends the same request with the same key from the same network and with the
same token. It may hold
what finds a sign-in, so nobody gets it for the key alone: the whole request has to be the same.
Whatever is wrong with a key is answered as a problem (IETF draft "The Idempotency-Key HTTP Header
Field").
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts import vault
from accounts.problems import problem

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,128}")
BUSY_SECONDS = 60
_KEPT = ("Content-Type", "Retry-After", "WWW-Authenticate")


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wraps what answers a call; without the header nothing changes."""

    @functools.wraps(view)
    def call(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return view(request, *args, **kwargs)
        if not KEY.fullmatch(key):
            return problem(400, "An Idempotency-Key has 1 to 128 visible characters.")
        place, same = _place(request, key), _fingerprint(request)
        if cache.add(place, {"same": same}, BUSY_SECONDS):
            return _first(view, request, place, same, args, kwargs)
        kept = cache.get(place) or {}
        if kept.get("same") != same:
            return problem(422, "That key was sent with another request.", kind="key-reused")
        if "body" not in kept:
            text = "The first call with that key is not answered yet."
            return problem(409, text, kind="key-in-use", retry_after=1)
        return _again(place, kept)

    return call


def _first(
    view: Callable, request: HttpRequest, place: str, same: str, args: tuple, kwargs: dict
) -> HttpResponse:
    response = None
    try:
        response = view(request, *args, **kwargs)
    finally:
        # What came to nothing may be tried again with the same key.
        if response is None or response.status_code in (429, 500, 503):
            cache.delete(place)
    if response.status_code not in (429, 500, 503):
        kept = {
            "same": same,
            "status": response.status_code,
            "headers": {name: response[name] for name in _KEPT if name in response},
            "body": vault.seal(response.content, table="once", row=place).hex(),
        }
        cache.set(place, kept, settings.ATTEMPT_LIFE)
    return response


def _again(place: str, kept: dict) -> HttpResponse:
    body = vault.unseal(bytes.fromhex(kept["body"]), table="once", row=place)
    response = HttpResponse(body, status=kept["status"])
    for name, value in kept["headers"].items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _place(request: HttpRequest, key: str) -> str:
    who = request.headers.get("Authorization", "")  # two systems may use the same key
    said = json.dumps([request.origin.network, request.method, request.path, key, who])
    return f"once:{hashlib.sha256(said.encode()).hexdigest()}"


def _fingerprint(request: HttpRequest) -> str:
    # A password may be in the body: only who has it can tell whether it is the same.
    return salted_hmac("accounts.once", request.body, algorithm="sha256").hexdigest()
