"""The gate: a session without a proven second factor leads nowhere but out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class GateMiddleware:
    """Closed by default: of a signed-in person it demands an authenticator in the session row.

    The row is only written with the authenticator that proved it, and ends when that is revoked,
    so no further query is needed. Pages for everybody (``login_not_required``: signing in,
    enrolment, logging off) stay open. API operations sit behind the same views.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, _args: tuple, _kwargs: dict
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if is_proven(request):
            return None
        return render(request, "enrolment/gate.html", status=403)


def is_proven(request: HttpRequest) -> bool:
    """Whether the signed-in person has proven a second factor and has been activated."""
    row = request.session_row
    return row is not None and bool(row.device) and request.user.activated_at is not None
