"""Errors as programs read them: RFC 9457 problem+json, of types that stay the same."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

PROGRAMS = "/api/"

# Every type there is, by the last word of its address, and what it means. A word is never renamed:
# programs decide by it. The page that explains them is made of this (``portal/reference``).
KINDS = {
    "malformed": "The request is not what the operation takes. Nothing was done or counted.",
    "media-type": "The body is sent as application/json, in UTF-8.",
    "too-large": "The body is larger than any that an operation takes.",
    "wrong-credentials": "User name and password do not match.",
    "no-token": "No token was sent, or one that is none of ours, or one that has ended.",
    "not-permitted": "The token is good, but not for this.",
    "address": "The user name is not let in from that address.",
    "not-found": "There is no such thing, or it is not yours.",
    "method": "The operation is called in another way.",
    "gone": "The sign-in is complete; its token was handed out once.",
    "conflict": "What was asked for does not fit what is there.",
    "voice": "The code is not read out in this version of the platform.",
    "unsound": "What was sent contradicts itself or cannot be: a hash of something else, a time to "
    "come, a symbol twice. Nothing was done.",
    "key-in-use": "A call with the same Idempotency-Key has not been answered yet.",
    "key-reused": "The Idempotency-Key was sent before, with another request.",
    "too-many": "A rate or a number of sends is used up. Come back after ``retry_after`` seconds.",
    "unavailable": "Something is away for a moment. Come back after ``retry_after`` seconds.",
    "fault": "Something broke on our side. The reference finds it in our log.",
}
_OF_STATUS = {
    400: "malformed",
    401: "no-token",
    403: "not-permitted",
    404: "not-found",
    405: "method",
    409: "conflict",
    410: "gone",
    413: "too-large",
    415: "media-type",
    429: "too-many",
    500: "fault",
    503: "unavailable",
}


class Problem(Exception):
    """Answered as problem+json; ``kind`` is the last word of its type, by default that of the
    status."""

    def __init__(self, status: int, detail: str, *, kind: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.more = status, detail, kind, more

    def response(self) -> HttpResponse:
        """What the program gets."""
        return problem(self.status, self.detail, kind=self.kind, **self.more)


def type_of(kind: str) -> str:
    """The address that names a kind of problem."""
    return f"{settings.PUBLIC_BASE_URL}/problems/{kind}"


def problem(status: int, detail: str, *, kind: str = "", **more: Any) -> HttpResponse:
    """The answer of ``status``; ``retry_after`` is in seconds."""
    wait = more.get("retry_after")
    kind = kind or _OF_STATUS.get(status, "")
    body = {
        "type": type_of(kind) if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    } | more
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="portal"'
    if wait:
        response["Retry-After"] = str(wait)
    return response
