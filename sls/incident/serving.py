"""What all pages of the way share: whose session it is, and whether the page may be opened yet."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze
from accounts.marks import opens_in, unmarked
from accounts.sessions.rules import INCIDENT
from sls.incident import pages, rules, services
from sls.incident.rules import Stage

PROOF = "the session was opened by the strongest proof there is, and opens nothing else"

View = Callable[..., HttpResponse]


def step(stage: Stage) -> Callable[[View], View]:
    """A page of the way: ``view(request, running)`` in a session that is limited to it, and not
    before the pages ahead of it are done. A whole session has no business here."""

    def mark(view: View) -> View:
        @opens_in(INCIDENT)
        @unmarked(PROOF)
        @never_cache
        @functools.wraps(view)
        def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
            if request.session_row.limited_to != INCIDENT:
                return redirect("home")
            running = freezes.live(request.user.pk)
            if running is None:  # thawed since the session was found
                return redirect("login")
            if not rules.may_open(stage, services.done(running)):
                return redirect("incident")
            return view(request, running, **kwargs)

        return page

    return mark


def show(
    request: HttpRequest, running: Freeze, stage: Stage, status: int = 200, **context: object
) -> HttpResponse:
    """The page of ``stage``."""
    context = {**pages.common(running, stage), "here": request.path, **context}
    return render(request, f"incident/{stage}.html", context, status=status)
