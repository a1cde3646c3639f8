"""Every request of a session, on every platform, is held against the list of its user."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from accounts.ip_restrictions import door
from accounts.ip_restrictions.deciding import decide
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session


class RestrictionMiddleware:
    """Stands behind the middleware that finds the session row, before everything that acts.

    A request from outside the list ends its session, locked or not, and is answered with 403 and a
    page that says so, but nothing of the list. What the decision raises leads to an error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # One that is locked too: nobody tries passwords at it from elsewhere.
        row = request.session_row or request.locked_row or request.limited_row
        if row is not None:
            origin = replace(request.origin, platform=row.platform)
            if not decide(user=row.user, origin=origin).is_let_in:
                return _ended(request, row)
        return self.get_response(request)


def _ended(request: HttpRequest, row: Session) -> HttpResponse:
    sessions.end(row=row, why=End.ADDRESS, origin=request.origin)
    request.session.flush()
    context = {"address": request.origin.address, "door": door.standing(row.user)}
    request.user = AnonymousUser()
    request.session_row = request.locked_row = request.limited_row = None
    context |= {"door_minutes": settings.DOOR_MINUTES}
    response = render(request, "ip_restrictions/ended.html", context, status=403)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    add_never_cache_headers(response)
    return response
