from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.freeze import links, pages, receipts, services, wording
from accounts.freeze.models import How
from accounts.marks import unmarked
from accounts.users.locale import speak

LESS = "it only takes rights away"


@never_cache
@login_not_required
@unmarked(LESS)
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """Stops everything for whoever is signed in; tells everybody else how that is done.

    Nobody is stopped by a name that somebody types.
    """
    if not request.user.is_authenticated:
        return render(request, "freeze/signed_out.html")
    fields = request.POST if request.method == "POST" else request.GET
    entry = pages.about(request.user, fields.get("entry", ""))
    if request.method == "POST":
        made = services.freeze(
            user_id=request.user.pk,
            origin=request.origin,
            how=How.PAGE,
            trading=pages.trading(request.POST.get("trading")),
            entry=entry,
        )
        request.session.flush()
        response = redirect(receipts.path(made))
        response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        return response
    return render(request, "freeze/not_me.html", pages.entrance(request.user, entry))


@never_cache
@login_not_required
@unmarked("the link went to an address of the owner, and only takes rights away")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, whoever is signed in here or nobody. Looking changes nothing."""
    told = links.read(token)
    if told is None:
        return render(request, "freeze/no_link.html", status=404)
    if told.over is not None:
        context = {"why": wording.of_over(told.over)}
        return render(request, "freeze/no_link.html", context, status=410)
    if request.method == "POST":
        made = services.freeze(
            user_id=told.user.pk,
            # Not the session of this browser: whoever reads the mail may not be who is signed in.
            origin=replace(request.origin, session=""),
            how=How.LINK,
            trading=pages.trading(request.POST.get("trading")),
            actor=f"mail:{told.masked}" if told.masked else "phone",
        )
        return redirect(receipts.path(made))
    speak(request, told.user)
    return render(request, "freeze/link.html", pages.link(told))


@never_cache
@login_not_required
@require_safe
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """What was stopped, with its times: for an hour by a signed address, else for its owner."""
    made = receipts.find(key, user=request.user)
    if made is None:
        return render(
            request, "freeze/no_receipt.html", {"is_over": receipts.is_over(key)}, status=404
        )
    speak(request, made.user)
    return render(request, "freeze/receipt.html", pages.receipt(made))
