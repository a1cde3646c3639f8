"""Finding a client, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.console import acting, client, searching, trail
from portal.console.clients import client_of
from portal.console.doors import needs, powers_of
from portal.console.rules import Power


@never_cache
@needs(Power.SEE_CLIENT)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Clients that were meant; one alone is opened at once."""
    typed = request.GET.get("q", "").strip()
    found = searching.search(typed) if typed else None
    if found is not None and len(found.users) == 1:
        return redirect("console:client", found.users[0].username)
    return render(request, "console/search.html", {"typed": typed, "found": found})


@never_cache
@needs(Power.SEE_CLIENT)
@require_safe
def page(request: HttpRequest, username: str) -> HttpResponse:
    """Everything about one client. That it was opened is kept."""
    user = client_of(username)
    trail.seen(request.user, user, request.origin)
    powers = powers_of(request.user)
    context = client.page(user) | {
        "groups": acting.offered(powers),
        "may_call": Power.CALL_CLIENT in powers,
        "may_flag": Power.TRANSACTIONS in powers,
    }
    return render(request, "console/client.html", context)


@never_cache
@needs(Power.SEE_CLIENT)
@require_safe
def what_they_see(request: HttpRequest, username: str) -> HttpResponse:
    """What the client has before them, masked, and nothing to press."""
    user = client_of(username)
    trail.seen(request.user, user, request.origin, part="what they see")
    return render(request, "console/what_they_see.html", client.masked(user))
