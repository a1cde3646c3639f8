from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import browser, limits
from accounts.challenges.wording import Problem
from accounts.floor import Floor
from accounts.marks import unmarked
from sls.login.rules import Why
from sls.unlocking import services
from sls.unlocking.forms import UnlockForm

OTHER_PROOFS = "nobody is signed in; a code and an authenticator prove who it is"


@login_not_required
@unmarked(OTHER_PROOFS)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Which name; the same answer for every one."""
    if request.method != "POST":
        return render(request, "unlocking/start.html", {"form": UnlockForm()})
    limits.demand("unlocks_per_address", request.origin.network)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return render(request, "unlocking/start.html", {"form": form})
    secret = browser.new_secret()
    with Floor():
        token = services.ask(
            username=form.cleaned_data["username"], origin=request.origin, browser=secret
        )
    response = redirect("unlock_code", token)
    browser.bind(response, token, secret, life=settings.EMAIL_CODE_LIFE)
    return response


@login_not_required
@sensitive_post_parameters("code")
@unmarked(OTHER_PROOFS)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The code that was mailed; then the pages of the sign-in ask for an authenticator."""
    asked = services.find(token)
    if asked is None:
        return _over(request, token)
    if not browser.holds(request, asked):
        raise Http404
    if request.method != "POST":
        return _page(request, token)
    limits.demand("unlocks_per_address", request.origin.network)
    typed, secret = request.POST.get("code", ""), browser.new_secret()
    with Floor():
        found = services.confirm(asked, text=typed, origin=request.origin, browser=secret)
    if isinstance(found, Problem):
        return _page(request, token, found, typed[:64])
    response = redirect("login_attempt", found)
    browser.bind(response, found, secret)
    browser.release(response, asked)
    return response


def _over(request: HttpRequest, token: str) -> HttpResponse:
    if not browser.began(request, token):
        raise Http404
    return redirect(f"{reverse('login')}?ended={Why.EXPIRED}")


def _page(
    request: HttpRequest, token: str, problem: Problem | None = None, typed: str = ""
) -> HttpResponse:
    context = {
        "token": token,
        "minutes": settings.EMAIL_CODE_LIFE // 60,
        "problem": problem,
        "typed": typed,
    }
    return render(request, "unlocking/code.html", context)
