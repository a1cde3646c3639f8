"""The first steps: name, code by mail, and what an authenticator answers."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import browser, limits
from accounts.floor import Floor
from accounts.marks import unmarked
from accounts.outbox.models import Channel
from sls.recovery import flow, mail
from sls.recovery.forms import NameForm
from sls.recovery.rules import Goal, Stage
from sls.recovery.serving import PROOF, at, found, page, went

NEW = "new"  # in the place of a channel


@login_not_required
@unmarked(PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, goal: Goal) -> HttpResponse:
    """The user name of somebody who forgot the password, or lost what they sign in with."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "goal": goal, "hours": settings.RECOVERY_WAIT_HOURS}
        return render(request, "recovery/start.html", context)
    limits.demand("recoveries_per_address", request.origin.network)
    secret = browser.new_secret()
    with Floor():
        token = mail.begin(
            username=form.cleaned_data["username"],
            goal=goal,
            origin=request.origin,
            browser=secret,
        )
    response = redirect("recovery", token)
    # As long as it may take: the code by mail, the second proof, and what they lead to.
    life = settings.EMAIL_CODE_LIFE + 2 * settings.ATTEMPT_LIFE
    browser.bind(response, token, secret, life=life)
    return response


@login_not_required
@require_safe
def recovery(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the step that the recovery is at."""
    return page(request, token, found(request, token))


@login_not_required
@sensitive_post_parameters("code")
@unmarked(PROOF)
@require_POST
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The code that was mailed."""
    one = found(request, token)
    if not at(one, Stage.MAIL):
        return redirect("recovery", token)
    limits.demand("recoveries_per_address", request.origin.network)
    typed = request.POST.get("code", "")
    with Floor():
        problem = mail.answer(one, text=typed, origin=request.origin)
    return went(request, token, one, problem, typed=typed[:64])


@login_not_required
@unmarked(PROOF)
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """The mail once more; the same answer for every name."""
    one = found(request, token)
    limits.demand("recoveries_per_address", request.origin.network)
    with Floor():
        problem = mail.ask_again(one, origin=request.origin)
    return went(request, token, one, problem, wait=True)


@login_not_required
@unmarked(PROOF)
@require_POST
def way(request: HttpRequest, token: str) -> HttpResponse:
    """An authenticator was chosen."""
    one = found(request, token)
    if not at(one, *flow.CHOOSING):
        return redirect("recovery", token)
    problem = flow.choose(one, device=request.POST.get("device", ""), origin=request.origin)
    return went(request, token, one, problem, wait=True)


@login_not_required
@sensitive_post_parameters("code")
@unmarked(PROOF)
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer of an authenticator."""
    one = found(request, token)
    if not at(one, Stage.ANSWER):
        return redirect("recovery", token)
    typed = request.POST.get("code", "")
    problem = flow.answer(one, text=typed, origin=request.origin)
    return went(request, token, one, problem, typed=typed[:64])


@login_not_required
@unmarked(PROOF)
@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """The code again by ``delivery``, or a new question to a device that makes its answers."""
    one = found(request, token)
    if not at(one, Stage.ANSWER):
        return redirect("recovery", token)
    wanted = request.POST.get("delivery", "")
    if wanted == NEW:
        problem = flow.choose(one, device=one.challenge.device, origin=request.origin)
    elif wanted in (Channel.SMS, Channel.VOICE):
        problem = flow.resend(one, channel=Channel(wanted), origin=request.origin)
    else:
        raise BadRequest("no such way to send a code")
    return went(request, token, one, problem, wait=True)


@login_not_required
@unmarked(PROOF)
@require_POST
def lost(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing is at hand that could replace the password."""
    one = found(request, token)
    if at(one, *flow.CHOOSING):
        flow.lost(one)
    return redirect("recovery", token)
