from uuid import UUID

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
from sls.devices import listing, pages, removal, services, trial, wording
from sls.devices.forms import NameForm
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.protocol import Enrolment, Method
from sls.methods.sms.models import PhoneDevice

ADD, REMOVE, SMS = "device.add", "device.remove", "sms.switch_off"


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


@sensitive(ADD)
@require_POST
def add(request: HttpRequest, method: str) -> HttpResponse:
    """Begins to enrol a further authenticator."""
    return _begin(request, _method(method))


@sensitive(ADD)
@require_POST
def replace(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Begins to enrol one in place of another, which ends when the new one is confirmed."""
    return _begin(request, _method(method), instead_of=_find(request, method, pk))


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
    pk = challenge.device.rpartition("/")[2]
    return redirect(f"{reverse('device', args=[challenge.method, pk])}?new=1")


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


@require_safe
def device(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """One authenticator and what can be done to it; after an enrolment, its name first."""
    return _device_page(request, _find(request, method, pk))


@unmarked("a name is shown to its owner only")
@require_POST
def name(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Another name."""
    found = _find(request, method, pk)
    form = NameForm(request.POST)
    typed = request.POST.get("name", "")
    refusal = services.rename(device=found, typed=typed, origin=request.origin)
    if refusal:
        form.is_valid()
        form.add_error("name", wording.of_refusal(refusal))
        return _device_page(request, found, form)
    messages.success(request, _("The name is saved."))
    return redirect("devices")


def _device_page(
    request: HttpRequest, found: Authenticator, form: NameForm | None = None
) -> HttpResponse:
    context = pages.one(found, current=request.session_row.device)
    context["form"] = form or NameForm(initial={"name": found.name})
    context["new"] = "new" in request.GET
    return render(request, "devices/device.html", context)


@sensitive_post_parameters("code")
@unmarked("it opens nothing, and wrong answers count as everywhere")
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest, method: str, pk: int) -> HttpResponse:
    """Does it work? Opens a challenge, and takes its answer (``code``)."""
    found = _find(request, method, pk)
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
    found = _find(request, method, pk)
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
    if refusal is None:
        messages.success(request, done)
    else:
        messages.error(request, wording.of_refusal(refusal))
    return redirect("devices")


def _method(code: str) -> Method:
    try:
        method = registry.get(code)
    except KeyError:
        raise Http404 from None
    # A telephone number becomes an authenticator, and ends as one, on the page of numbers.
    if method.model is PhoneDevice:
        raise Http404
    return method


def _find(request: HttpRequest, method: str, pk: int) -> Authenticator:
    # Somebody else's authenticator and one that never was are the same 404.
    mine = listing.of_method(_method(method), request.user.pk)
    found = next((one for one in mine if one.pk == pk), None)
    if found is None:
        raise Http404
    return found
