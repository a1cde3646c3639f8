"""The new factor, once the wait is over."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.marks import unmarked
from sls.recovery import enrolling
from sls.recovery.rules import Stage
from sls.recovery.serving import PROOF, at, found, went


@login_not_required
@unmarked(PROOF)
@require_POST
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be set up was chosen."""
    one = found(request, token)
    if not at(one, *enrolling.ENROLLING):
        return redirect("recovery", token)
    problem = enrolling.begin(one, method=request.POST.get("method", ""), origin=request.origin)
    return went(request, token, one, problem)


@login_not_required
@sensitive_post_parameters("code")
@unmarked(PROOF)
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The first answer of the new authenticator."""
    one = found(request, token)
    if not at(one, Stage.ENROL_ANSWER):
        return redirect("recovery", token)
    typed = request.POST.get("code", "")
    problem = enrolling.answer(one, text=typed, origin=request.origin)
    return went(request, token, one, problem, typed=typed[:64])
