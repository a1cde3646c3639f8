"""The wait for a new factor: begun, looked at, stopped."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import browser, limits
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from sls.recovery import delays, pages, rules, wording
from sls.recovery.forms import ReferenceForm
from sls.recovery.models import Delay
from sls.recovery.rules import Stage
from sls.recovery.serving import PROOF, at, found, went

TAKES_AWAY = "it only takes rights away"


@login_not_required
@unmarked(PROOF)
@require_POST
def wait(request: HttpRequest, token: str) -> HttpResponse:
    """The wait begins, and every contact hears of it."""
    one = found(request, token)
    if not at(one, Stage.CONFIRM):
        return redirect("recovery", token)
    secret = browser.new_secret()
    begun = delays.begin(one, browser=secret, origin=request.origin)
    if isinstance(begun, Problem):
        return went(request, token, one, begun)
    response = redirect("recover_status")
    response.set_cookie(
        settings.RECOVERY_COOKIE_NAME,
        secret,
        max_age=(settings.RECOVERY_WAIT_HOURS + settings.RECOVERY_OPEN_HOURS) * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@login_not_required
@unmarked(TAKES_AWAY)
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """What happens when: in the browser that began the wait, or for who types its reference."""
    if request.method != "POST":
        mine = delays.of_browser(request.COOKIES.get(settings.RECOVERY_COOKIE_NAME, ""))
        return _status(request, mine) if mine else _ask(request, ReferenceForm())
    limits.demand("recoveries_per_address", request.origin.network)
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    delay = delays.find(rules.read_reference(form.cleaned_data["reference"]))
    if delay is None:
        form.add_error("reference", wording.unknown_reference())
        return _ask(request, form)
    if request.POST.get("act") == "stop":
        return _stopped(request, delay, by="reference")
    return _status(request, delay)


@login_not_required
@unmarked(TAKES_AWAY)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, signed: str) -> HttpResponse:
    """The link in a mail: it shows what waits, and its button stops it."""
    delay = delays.of_link(signed)
    if delay is None:
        raise Http404
    if request.method == "POST":
        return _stopped(request, delay, by="link")
    context = {**pages.delay(delay), "signed": signed}
    return render(request, "recovery/cancel.html", context)


@unmarked(TAKES_AWAY)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in stops what waits for them."""
    delay = delays.live(request.user.pk)
    if delay is not None and delays.cancel(delay, origin=request.origin, by="session"):
        messages.success(request, _("The request for a new way to sign in was stopped."))
    return redirect("home")


def _stopped(request: HttpRequest, delay: Delay, *, by: str) -> HttpResponse:
    delays.cancel(delay, origin=request.origin, by=by)
    delay.refresh_from_db()
    return render(request, "recovery/stopped_wait.html", pages.delay(delay))


def _status(request: HttpRequest, delay: Delay) -> HttpResponse:
    return render(request, "recovery/status.html", pages.delay(delay))


def _ask(request: HttpRequest, form: ReferenceForm) -> HttpResponse:
    return render(request, "recovery/reference.html", {"form": form})
