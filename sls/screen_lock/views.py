from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits, paths
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from accounts.sessions import locking, renewal
from accounts.users.locale import speak
from sls.screen_lock import passkey, services

UNLOCKING = "it is a proof of identity itself"


@unmarked("it only takes rights away")
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Locks the session at once, in every tab."""
    locking.lock(row=request.session_row, origin=request.origin)
    return redirect(f"{reverse('locked')}?{urlencode({'next': paths.page_of(request)})}")


@login_not_required
@sensitive_post_parameters("password")
@unmarked(UNLOCKING)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The only page of a locked session; takes the password."""
    if request.locked_row is None:
        return redirect(paths.next_of(request) or "home")
    if request.method != "POST":
        return _page(request)
    limits.demand("sign_ins_per_address", request.origin.network)
    problem = services.by_password(
        request.locked_row, password=request.POST.get("password", ""), origin=request.origin
    )
    return _page(request, problem) if problem else _opened(request)


@login_not_required
@sensitive_post_parameters("code")
@unmarked(UNLOCKING)
@require_POST
def unlock_passkey(request: HttpRequest) -> HttpResponse:
    """The answer of a passkey."""
    if request.locked_row is None:
        return redirect(paths.next_of(request) or "home")
    limits.demand("sign_ins_per_address", request.origin.network)
    problem = services.by_passkey(
        request.locked_row, text=request.POST.get("code", ""), origin=request.origin
    )
    return _page(request, problem) if problem else _opened(request)


def _opened(request: HttpRequest) -> HttpResponse:
    renewal.renew(request, request.locked_row)
    return redirect(paths.next_of(request) or "home")


def _page(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    row = request.locked_row
    speak(request, row.user)
    context = {
        "row": row,
        "next": paths.next_of(request),
        "problem": problem,
        "options": passkey.ask(row),
    }
    response = render(request, "screen_lock/unlock.html", context)
    return limits.slowed(response, problem and problem.retry_after)
