from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.challenges.models import Challenge
from accounts.challenges.wording import Problem
from accounts.marks import sensitive, unmarked
from accounts.sessions import services as sessions
from sls.devices import pages, removal, services, trial, wording
from sls.devices.forms import NameForm
from sls.devices.rules import Refusal
from sls.methods.device import Authenticator
from sls.methods.finding import find

REMOVE, SMS = "device.remove", "sms.switch_off"


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The Secure Login System: every authenticator, what to add, and the order of choice."""
    context = pages.overview(request.user, current=request.session_row.device)
    return render(request, "devices/list.html", context)


@unmarked("the order in which one's own authenticators are offered opens nothing")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """A place up or down."""
    to = request.POST.get("to", "")
    if to not in ("up", "down"):
        raise BadRequest("no such direction")
    wanted = request.POST.get("device", "")
    refusal = services.order(
        user_id=request.user.pk, device=wanted, up=to == "up", origin=request.origin
    )
    if refusal:
        raise Http404
    return redirect("devices")


@require_safe
def device(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """One authenticator and what can be done to it; after an enrolment, its name first."""
    return _device_page(request, find(request.user.pk, method, pk))


@unmarked("a name is shown to its owner only")
@require_POST
def name(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Another name."""
    found = find(request.user.pk, method, pk)
    form, typed = NameForm(request.POST), request.POST.get("name", "")
    refusal = services.rename(device=found, typed=typed, origin=request.origin)
    if refusal:
        form.add_error("name", wording.of_refusal(refusal))
        return _device_page(request, found, form)
    messages.success(request, _("The name is saved."))
    return redirect("devices")


def _device_page(
    request: HttpRequest, found: Authenticator, form: NameForm | None = None
) -> HttpResponse:
    context = pages.one(found, user=request.user, current=request.session_row.device)
    context["form"] = form or NameForm(initial={"name": found.name})
    context["new"] = "new" in request.GET
    return render(request, "devices/device.html", context)


@sensitive_post_parameters("code")
@unmarked("it opens nothing, and wrong answers count as everywhere")
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Does it work? Opens a challenge, and takes its answer (``code``)."""
    found = find(request.user.pk, method, pk)
    bound_to = request.session_row.key
    challenge = trial.latest(found, bound_to=bound_to)
    if request.method != "POST":
        return _test_page(request, found, challenge)
    if "code" not in request.POST:
        problem = trial.begin(device=found, bound_to=bound_to, origin=request.origin)
    elif challenge is None or not pages.is_open(challenge):
        return redirect(request.path)
    else:
        typed = request.POST["code"]
        problem = trial.answer(challenge, text=typed, origin=request.origin)
    if problem is not None:
        typed = request.POST.get("code", "")[:64]
        return _test_page(request, found, challenge, problem, typed)
    return redirect(request.path)


def _test_page(
    request: HttpRequest,
    found: Authenticator,
    challenge: Challenge | None,
    problem: Problem | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        **pages.test(found, challenge),
        "error": problem.text if problem else "",
        "typed": typed,
    }
    return render(request, "devices/test.html", context)


@sensitive(REMOVE)
@require_POST
def remove(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Ends an authenticator for good."""
    found = find(request.user.pk, method, pk)
    refusal = removal.remove(device=found, proven_by=request.proven_by, origin=request.origin)
    return _back(request, refusal, _("%(name)s was removed.") % {"name": found.name})


@sensitive(SMS)
@require_POST
def sms(request: HttpRequest, on: bool) -> HttpResponse:
    """Text messages and calls as a way to sign in: on or off."""
    user_id, origin = request.user.pk, request.origin
    if on:
        refusal = removal.switch_on_sms(user_id=user_id, origin=origin)
        done = _("You can sign in by text message or voice call again.")
    else:
        refusal = removal.switch_off_sms(
            user_id=user_id, proven_by=request.proven_by, origin=origin
        )
        done = _("Nobody can sign in by text message or voice call any more.")
    return _back(request, refusal, done)


def _back(request: HttpRequest, refusal: Refusal | None, done: str) -> HttpResponse:
    if refusal is not None:
        messages.error(request, wording.of_refusal(refusal))
    elif not sessions.goes_on(request.session_row.key):
        return redirect(f"{reverse('login')}?ended=removed")
    else:
        messages.success(request, done)
    return redirect("devices")
