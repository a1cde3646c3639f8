"""Enrolling a further authenticator, or one in place of another."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.challenges.models import Challenge
from accounts.challenges.wording import Problem
from accounts.marks import sensitive, unmarked
from sls.devices import listing, pages, services
from sls.methods import registry
from sls.methods.device import Authenticator, row_id
from sls.methods.finding import find, method_of
from sls.methods.online_card.models import OnlineCard
from sls.methods.protocol import Enrolment, Method

ADD, RENEW = "device.add", "backup_codes.renew"


@sensitive(ADD)
@require_POST
def add(request: HttpRequest, method: str) -> HttpResponse:
    """Begins to enrol a further authenticator."""
    found = method_of(method)
    if found.model is OnlineCard:
        raise Http404  # made and shown on a page of its own
    return _begin(request, found)


@sensitive(ADD)
@require_POST
def replace(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Begins to enrol one in place of another, which ends when the new one is confirmed."""
    return _begin(request, method_of(method), instead_of=find(request.user.pk, method, pk))


@sensitive(RENEW)
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Makes a new set of backup codes, which ends the one before."""
    method = registry.get("backup_codes")
    held = listing.of_method(method, request.user.pk)
    return _begin(request, method, instead_of=next(iter(held), None))


def _begin(
    request: HttpRequest, method: Method, instead_of: Authenticator | None = None
) -> HttpResponse:
    begun = services.add(
        user_id=request.user.pk,
        method=method,
        bound_to=request.session_row.key,
        origin=request.origin,
        instead_of=instead_of,
    )
    if isinstance(begun, Problem):
        messages.error(request, begun.text)
        return redirect("devices")
    if begun.challenge is None:
        return _shown_once(request, method, begun)
    return redirect("device_enrol", begun.challenge.pk)


def _shown_once(request: HttpRequest, method: Method, begun: Enrolment) -> HttpResponse:
    # The answer to this POST is the only page that has it: nothing keeps it, no cache either.
    return render(request, "devices/enrol.html", pages.enrolment(method, begun.shown))


@require_safe
def enrol(request: HttpRequest, challenge: UUID) -> HttpResponse:
    """What the new authenticator needs to know, and the field for its first answer."""
    found = _enrolment(request, challenge)
    if found.used_at is not None:
        return _enrolled(found)
    return _enrol_page(request, found)


@sensitive_post_parameters("code")
@unmarked("the authenticator was asked for by a proven request; its first answer proves nothing")
@require_POST
def enrol_answer(request: HttpRequest, challenge: UUID) -> HttpResponse:
    """The first answer of the new authenticator."""
    found = _enrolment(request, challenge)
    if found.used_at is not None:
        return _enrolled(found)
    if not pages.is_open(found):
        return _enrol_page(request, found)
    typed = request.POST.get("code", "")
    problem = services.answer(found, text=typed, origin=request.origin)
    if problem is not None:
        return _enrol_page(request, found, problem, typed[:64])
    return _enrolled(found)


def _enrolment(request: HttpRequest, challenge: UUID) -> Challenge:
    # Another session's enrolment is not here, whoever's session that is.
    found = services.find_enrolment(
        challenge, user_id=request.user.pk, bound_to=request.session_row.key
    )
    if found is None:
        raise Http404
    return found


def _enrolled(challenge: Challenge) -> HttpResponse:
    page = reverse("device", args=[challenge.method, row_id(challenge.device)])
    return redirect(f"{page}?new=1")


def _enrol_page(
    request: HttpRequest, challenge: Challenge, problem: Problem | None = None, typed: str = ""
) -> HttpResponse:
    if not pages.is_open(challenge):
        return render(request, "devices/over.html", {"exhausted": challenge.tries_left < 1})
    context = {
        **pages.open_enrolment(challenge),
        "error": problem.text if problem else "",
        "typed": typed,
    }
    return render(request, "devices/enrol.html", context)
