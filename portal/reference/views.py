from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.problems import KINDS
from portal import hooks_described
from portal.api import api
from portal.reference import pages


@login_not_required
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, and calls that follow each other."""
    schema = api.get_openapi_schema()
    context = {
        "about": schema["info"]["description"],
        "groups": pages.groups(schema),
        "stories": list(pages.stories()),
        "events": pages.events(schema),
        "event_headers": pages.event_headers(),
        "event_about": hooks_described.ABOUT,
        "verifier": pages.verifier(),
        "problems": pages.problems(),
        "shapes": pages.shapes(schema),
    }
    return render(request, "reference/reference.html", context)


@login_not_required
@require_safe
def problem(request: HttpRequest, kind: str) -> HttpResponse:
    """The address that a problem names leads to what it means."""
    if kind not in KINDS:
        raise Http404
    return redirect(f"{reverse('reference')}#problem-{kind}")
