"""Who is where: staff identities in the console, clients everywhere else.

The other's pages do not exist for either (404, not 403): a client learns nothing of the console,
and nobody acts as a client with a support identity.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from portal.console import refusals

CONSOLE = "console"
# Of the pages that need a sign-in, those of both: home sends staff on to the console, and everybody
# keeps their own authenticators, password and sessions.
SHARED = {"home"}
SHARED_PREFIXES = ("step_up", "device", "password", "session", "known_device", "lock", "incident")


class AccessMiddleware:
    """Stands behind the gate; pages that need no sign-in are open to everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, _args: tuple, _kwargs: dict
    ) -> None:
        """Raises ``Http404`` where this identity has no business."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        match = request.resolver_match
        in_console = CONSOLE in match.namespaces
        if request.user.is_staff != in_console and not is_shared(match.url_name or ""):
            raise Http404
        if in_console and not _works_from(request.origin.address):
            refusals.note(request, refusals.Why.PLACE)
            raise Http404


def _works_from(address: str) -> bool:
    """Whether staff may work from there (``STAFF_NETWORKS``); an address that cannot be read may
    not, where there is a list."""
    if not settings.STAFF_NETWORKS:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(one) for one in settings.STAFF_NETWORKS)


def is_shared(name: str) -> bool:
    """Whether clients and staff both have this page."""
    return name in SHARED or name.startswith(SHARED_PREFIXES)
