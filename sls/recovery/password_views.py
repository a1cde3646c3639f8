"""The password: a new one at the end of a recovery, or the old one as a proof."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.marks import unmarked
from accounts.passwords import wording as password_wording
from accounts.passwords.advice import advise
from accounts.passwords.forms import PasswordForm
from sls.recovery import flow, replacing
from sls.recovery.forms import OldPasswordForm
from sls.recovery.models import Recovery
from sls.recovery.rules import Goal, Stage
from sls.recovery.serving import PROOF, at, found, page, went


@login_not_required
@sensitive_post_parameters("password")
@unmarked(PROOF)
@require_POST
def password(request: HttpRequest, token: str) -> HttpResponse:
    """The new password, or the one that is known still to who lost an authenticator."""
    one = found(request, token)
    if at(one, Stage.NEW_PASSWORD):
        return _new(request, token, one)
    if at(one, Stage.OLD_PASSWORD, Stage.ANSWER) and one.goal == Goal.FACTOR:
        return _old(request, token, one)
    return redirect("recovery", token)


def _new(request: HttpRequest, token: str, one: Recovery) -> HttpResponse:
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return page(request, token, one, form=form)
    refused = replacing.choose_password(
        one, password=form.cleaned_data["password"], origin=request.origin
    )
    if isinstance(refused, list):
        form.add_error("password", password_wording.of_reasons(refused))
        return page(request, token, one, form=form)
    return went(request, token, one, refused)


def _old(request: HttpRequest, token: str, one: Recovery) -> HttpResponse:
    limits.demand("sign_ins_per_address", request.origin.network)
    form = OldPasswordForm(request.POST)
    if not form.is_valid():
        return page(request, token, one, form=form)
    problem = flow.prove_password(
        one, password=form.cleaned_data["password"], origin=request.origin
    )
    if problem is not None:
        form.add_error("password", problem.text)
    return went(request, token, one, problem, form=form)


@login_not_required
@sensitive_post_parameters("password")
@unmarked(PROOF)
@require_POST
def advice(request: HttpRequest, token: str) -> JsonResponse:
    """What the page would say of a new password, while it is typed."""
    one = found(request, token)
    if not at(one, Stage.NEW_PASSWORD):
        raise Http404
    limits.demand("password_advice_per_user", str(one.user_id))
    return JsonResponse(advise(user=one.user, form=PasswordForm(request.POST)))
