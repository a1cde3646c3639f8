"""POST bodies of the pages (form or JSON) and their answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

_YES = {"true", "1", "on", "yes"}
_NO = {"false", "0", "off", "no"}


class Turned(Exception):
    """The request is turned down: 400 bad field, 404 unknown, 409 wrong state."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def door(*methods: str) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """Lets only ``methods`` in and turns ``Turned`` into JSON. The view returns a response or None.

    None is 204; a form that a browser posts on its own is sent back to the page it came from.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                allowed = ", ".join(methods)
                return JsonResponse({"error": "method"}, status=405, headers={"Allow": allowed})
            try:
                answer = view(request, *args, **kwargs)
            except Turned as turned:
                return JsonResponse({"error": turned.reason}, status=turned.status)
            return done(request) if answer is None else answer

        return guarded

    return wrap


def done(request: HttpRequest) -> HttpResponse:
    """204, or the way back for a browser without script."""
    return back(request) or HttpResponse(status=204)


def back(request: HttpRequest) -> HttpResponse | None:
    """To the page whose form a browser posted on its own; None for every other request."""
    page = request.headers.get("Referer", "")
    same = page.startswith(f"{request.scheme}://{request.get_host()}/")
    if same and "text/html" in request.headers.get("Accept", ""):
        return HttpResponseRedirect(page, status=303)
    return None


def fields(request: HttpRequest) -> dict[str, Any]:
    """The body as a flat mapping; of a repeated form field the last value counts."""
    if request.content_type != "application/json":
        return {name: request.POST[name] for name in request.POST}
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise Turned(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Turned(400, "The body is not a JSON object.")
    return body


def text(value: Any, name: str, *, most: int = 200) -> str:
    """A string that is not empty."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
        raise Turned(400, f"{name} is not a text of 1 to {most} characters.")
    return value.strip()


def flag(value: Any, name: str) -> bool:
    """A JSON boolean or true, false, 1, 0, on, off, yes, no."""
    word = str(value).strip().lower()
    if word not in _YES | _NO:
        raise Turned(400, f"{name} is neither true nor false.")
    return word in _YES


def moment(value: Any, name: str) -> datetime | None:
    """A time as RFC 3339, or None for an empty value."""
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise Turned(400, f"{name} is not a time.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def whole(value: Any, name: str, *, least: int, most: int) -> int:
    """A whole number within its limits."""
    word = str(value).strip()
    if isinstance(value, bool) or not word.isascii() or not word.isdigit():
        raise Turned(400, f"{name} is not a whole number.")
    if not least <= int(word) <= most:
        raise Turned(400, f"{name} is not from {least} to {most}.")
    return int(word)
