"""Leads a session that is limited onto what it is limited to, and nowhere else."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.sessions.rules import INCIDENT, ONLINE_CARD

PAGES = {INCIDENT: "incident", ONLINE_CARD: "online_card"}


class LimitedMiddleware:
    """Stands before the demand for a sign-in, to which a limited session looks like none: only
    what is marked for it sees its user (``accounts.sessions.middleware``). Pages for everybody
    stay open, and log-off is among them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, _args: tuple, _kwargs: dict
    ) -> HttpResponse | None:
        """Raises ``PermissionDenied`` for what a script asks by itself."""
        if request.limited_row is None or not getattr(view, "login_required", True):
            return None
        if request.headers.get("HX-Request"):
            raise PermissionDenied("the session is limited")
        return redirect(PAGES[request.limited_row.limited_to])
