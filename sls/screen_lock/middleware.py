"""Leads a locked session to the page that unlocks it, and nowhere else."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import paths


class LockMiddleware:
    """Stands before the demand for a sign-in, to which a locked session would look like none.

    Pages for everybody stay open, logging off among them; the sign-in page leads to the lock.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, _args: tuple, _kwargs: dict
    ) -> HttpResponse | None:
        """Raises ``PermissionDenied`` for what a script asks by itself."""
        is_open = not getattr(view, "login_required", True)
        looks = request.resolver_match.url_name == "login" and request.method == "GET"
        if request.locked_row is None or (is_open and not looks):
            return None
        if request.headers.get("HX-Request"):
            raise PermissionDenied("the session is locked")
        wanted = request.GET.get("next", "") if looks else paths.page_of(request)
        return redirect(f"{reverse('locked')}?{urlencode({'next': paths.ours(wanted)})}")
