from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.challenges.models import Challenge
from accounts.challenges.wording import Problem
from accounts.marks import opens_in, sensitive, unmarked
from accounts.sessions.rules import ONLINE_CARD
from sls.devices import services as devices
from sls.methods import bridging, registry
from sls.methods.online_card import services, wording
from sls.methods.protocol import Method
from sls.online_card import pages


@opens_in(ONLINE_CARD)
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Whether there is a card and until when, and a new one where there may be one."""
    return _show(request, "page", pages.page(request.user))


@opens_in(ONLINE_CARD)
@never_cache
@sensitive("online_card.make")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Makes a sheet and shows it this once."""
    if not bridging.is_needed(request.user.pk):
        messages.error(request, wording.not_now().text)
        return redirect("online_card")
    begun = devices.add(
        user_id=request.user.pk,
        method=_method(),
        bound_to=request.session_row.key,
        origin=request.origin,
        instead_of=services.active(request.user.pk),
    )
    if isinstance(begun, Problem):
        messages.error(request, begun.text)
        return redirect("online_card")
    # The answer to this POST is the only page that has it: nothing keeps it, no cache either.
    return _show(request, "sheet", {"sheet": begun.shown, **pages.activation(begun.challenge)})


@opens_in(ONLINE_CARD)
@never_cache
@sensitive_post_parameters("code")
@unmarked("the sheet was made by a proven request; its first answer proves nothing")
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, challenge: UUID) -> HttpResponse:
    """The field for the two values; the sheet itself is on paper by now."""
    found = _enrolment(request, challenge)
    if found.used_at is not None:
        return redirect("online_card")
    if request.method != "POST" or not pages.is_open(found):
        return _show(request, "activate", pages.activation(found))
    typed = request.POST.get("code", "")
    problem = devices.answer(found, text=typed, origin=request.origin)
    if problem is None:
        return redirect("online_card")
    context = {**pages.activation(found), "error": problem.text, "typed": typed[:64]}
    return _show(request, "activate", context)


def _show(request: HttpRequest, name: str, context: dict) -> HttpResponse:
    context = {**context, "is_limited": bool(request.session_row.limited_to)}
    return render(request, f"online_card/{name}.html", context)


def _enrolment(request: HttpRequest, challenge: UUID) -> Challenge:
    # Another session's sheet is not here, whoever's session that is.
    found = devices.find_enrolment(
        challenge, user_id=request.user.pk, bound_to=request.session_row.key
    )
    if found is None or found.method != services.CODE:
        raise Http404
    return found


def _method() -> Method:
    return registry.get(services.CODE)
