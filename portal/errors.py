"""Error pages: what happened, what to do now, and the reference that finds it in the log.

A page that cannot be rendered (the template or what it needs is broken) still answers with its
status, as one plain sentence. Nothing of the error itself is ever shown.
"""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as CacheDown
from redis.exceptions import TimeoutError as CacheSlow

from accounts import problems
from accounts.limits import TooMany

# Their absence is passing: the page says when to come back instead of "something broke".
_PASSING = (OperationalError, InterfaceError, CacheDown, CacheSlow)
PASSING_RETRY = 5


def page(
    request: HttpRequest, status: int, *, template: str = "", retry_after: int | None = None
) -> HttpResponse:
    """The error page of ``status`` (``errors/<status>.html``), with Retry-After in seconds;
    programs read problem+json instead."""
    if request.path.startswith(problems.PROGRAMS):
        wait = {"retry_after": max(1, retry_after)} if retry_after is not None else {}
        reference = getattr(request, "request_id", "")
        return problems.problem(status, HTTPStatus(status).phrase, reference=reference, **wait)
    context = {
        "status": status,
        "retry_after": retry_after,
        "request_id": getattr(request, "request_id", ""),
    }
    try:
        response = render(request, f"errors/{template or status}.html", context, status=status)
    except Exception:  # noqa: BLE001  (the last resort must not fail for any reason)
        sentence = _("This page cannot be shown right now. Please try again.")
        response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    if retry_after is not None:
        response["Retry-After"] = str(max(1, retry_after))
    return response


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """429 as a full page."""
    return page(request, 429, retry_after=retry_after)


def unavailable(request: HttpRequest, *, retry_after: int = PASSING_RETRY) -> HttpResponse:
    """503 as a full page."""
    return page(request, 503, retry_after=retry_after)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler400``."""
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler403``; a rate that ran out is a 429."""
    if isinstance(exception, TooMany):
        return too_many(request, retry_after=exception.retry_after)
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler404``."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``; what is only away for a while, or says when to return, is a 503."""
    error = sys.exception()
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None or isinstance(error, _PASSING):
        return unavailable(request, retry_after=retry_after or PASSING_RETRY)
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``."""
    return page(request, 403, template="csrf")
