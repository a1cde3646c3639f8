"""An authenticator or backup codes added on the way: worth nothing before the thaw."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.challenges.models import Challenge
from accounts.challenges.wording import Problem
from accounts.freeze.models import Freeze
from sls.devices import listing
from sls.devices import pages as device_pages
from sls.devices import services as devices
from sls.incident import pages, rules, services
from sls.incident.rules import Stage
from sls.incident.serving import step
from sls.methods import registry


@require_POST
@step(Stage.FACTORS)
def add(request: HttpRequest, running: Freeze, method: str) -> HttpResponse:
    """Begins to enrol one."""
    if method not in pages.METHODS:
        raise Http404
    limits.demand("rows_per_user", str(request.user.pk))
    chosen = registry.get(method)
    held = listing.of_method(chosen, request.user.pk)
    begun = devices.add(
        user_id=request.user.pk,
        method=chosen,
        bound_to=request.session_row.key,
        origin=request.origin,
        instead_of=None if chosen.permanent else next(iter(held), None),
    )
    if isinstance(begun, Problem):
        messages.error(request, begun.text)
        return redirect(_back(running))
    if begun.challenge is None:
        # The answer to this POST is the only page that has it.
        context = device_pages.enrolment(chosen, begun.shown)
        return _page(request, running, context)
    return redirect("incident_enrol", begun.challenge.pk)


def _back(running: Freeze) -> str:
    is_far = rules.stage(services.done(running)) in (Stage.GAPS, Stage.THAW)
    return "incident_gaps" if is_far else "incident_factors"


@sensitive_post_parameters("code")
@step(Stage.FACTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, running: Freeze, challenge: UUID) -> HttpResponse:
    """What the new one needs to know, and its first answer (``code``)."""
    found = devices.find_enrolment(
        challenge, user_id=request.user.pk, bound_to=request.session_row.key
    )
    if found is None:
        raise Http404
    if found.used_at is not None or not device_pages.is_open(found):
        return redirect(_back(running))
    problem, typed = None, request.POST.get("code", "")
    if request.method == "POST":
        problem = devices.answer(found, text=typed, origin=request.origin)
        if problem is None:
            return redirect(_back(running))
    return _open(request, running, found, problem, typed[:64])


def _open(
    request: HttpRequest, running: Freeze, found: Challenge, problem: Problem | None, typed: str
) -> HttpResponse:
    if not device_pages.is_open(found):
        return redirect(_back(running))
    here = reverse("incident_enrol", args=[found.pk])
    context = device_pages.open_enrolment(found) | {"page_url": here, "answer_url": here}
    return _page(
        request, running, {**context, "error": problem.text if problem else "", "typed": typed}
    )


def _page(request: HttpRequest, running: Freeze, context: dict) -> HttpResponse:
    back = reverse(_back(running))
    context |= {"again_url": back, "done_url": back, "freeze": running}
    return render(request, "incident/enrol.html", context)
