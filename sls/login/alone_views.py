from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import browser, limits, paths
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from sls.login import alone, flow, views
from sls.login.forms import LoginForm
from sls.login.rules import Why


@login_not_required
@unmarked("it only puts a question")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """A question for a passkey, for the script of the sign-in page."""
    limits.demand("passkeys_per_address", request.origin.network)
    secret = request.COOKIES.get(settings.PASSKEY_COOKIE_NAME) or browser.new_secret()
    response = HttpResponse(alone.ask(secret), content_type="application/json")
    response.set_cookie(
        settings.PASSKEY_COOKIE_NAME,
        secret,
        max_age=settings.SECURITY_CODE_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@login_not_required
@sensitive_post_parameters("code")
@unmarked(views.SIGNING_IN)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """The answer of a passkey."""
    limits.demand("sign_ins_per_address", request.origin.network)
    wish = flow.Wish(
        public_computer=request.POST.get("public_computer") == "on",
        next_path=paths.next_of(request),
        browser=request.COOKIES.get(settings.PASSKEY_COOKIE_NAME, ""),
    )
    found = alone.enter(text=request.POST.get("code", ""), origin=request.origin, wish=wish)
    if isinstance(found, Problem):
        return views.page(request, LoginForm(), error=found.text, frozen=found.code == Why.FROZEN)
    return views.signed_in(request, found)
