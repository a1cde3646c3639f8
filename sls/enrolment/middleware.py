"""The gate: a session without a proven second factor leads nowhere but out, one whose user has to
change the password only to where that is done, and one that is there to enrol a stronger
authenticator likewise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Every page tells when it ends, and may be locked.
STAYS = {"lock", "session_left", "session_extend"}
# What a session that may only enrol opens, by names of addresses: adding an authenticator and
# proving one's identity for it. Nothing that takes an authenticator away is among it.
ENROLS = STAYS | {
    *("devices", "device", "device_add", "device_enrol", "device_enrol_answer"),
    *("device_name", "device_test"),
}
ENROLS_PREFIX = "step_up"  # for both
READS = {"phones", "emails", "help"}
# What a session opens whose user has to change the password first.
RENEWS = STAYS | {"password", "password_advice"}


class GateMiddleware:
    """Closed by default: of a signed-in person it demands an authenticator in the session row.

    The row is only written with the authenticator that proved it, and ends when that is revoked,
    so no further query is needed; nor is one to know that a policy demands a stronger one first,
    because the row says from which day on (``sls.policy``), or
    that a new password is demanded, because the user's row says so. Pages for everybody
    (``login_not_required``: signing in, enrolment, logging off) stay open. API operations sit
    behind the same views.
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
        if not is_proven(request):
            return render(request, "enrolment/gate.html", status=403)
        if request.session_row.limited_to:
            return None  # what it opens it opens by its mark, and that is little
        if request.user.password_demanded_at is not None:
            if renews(request):
                return None
            return render(request, "passwords/change_first.html", status=403)
        if request.session_row.is_enrol_only and not enrols(request):
            return render(request, "enrolment/enrol_first.html", status=403)
        return None


def is_proven(request: HttpRequest) -> bool:
    """Whether the signed-in person has proven a second factor and has been activated."""
    row = request.session_row
    return row is not None and bool(row.device) and request.user.activated_at is not None


def renews(request: HttpRequest) -> bool:
    """Whether the address serves to change the password, or to ask for help."""
    name = request.resolver_match.view_name
    if name == "help":
        return request.method in ("GET", "HEAD")
    return name in RENEWS or name.startswith(ENROLS_PREFIX)


def enrols(request: HttpRequest) -> bool:
    """Whether the address is one that a session which may only enrol opens."""
    name = request.resolver_match.view_name
    if name in READS:
        return request.method in ("GET", "HEAD")
    return name in ENROLS or name.startswith(ENROLS_PREFIX)
