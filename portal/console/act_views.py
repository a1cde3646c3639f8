"""One act for one client: the form, and what comes of it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.approvals import services as approvals
from accounts.callers.listing import is_proven
from accounts.freeze import wording as freeze_words
from accounts.marks import unmarked
from accounts.users import two
from accounts.users.models import User
from portal.console import acting, refusals, trail
from portal.console.acts.base import GROUPS, Act, CannotAct
from portal.console.acts.table import ACTS
from portal.console.clients import client_of
from portal.console.doors import needs, origin_of, powers_of
from portal.console.forms import ActForm
from portal.console.rules import Power

WHY = "an act of staff: its power opens it, a second person decides about the grave ones"


@never_cache
@needs(Power.SEE_CLIENT)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, username: str, code: str) -> HttpResponse:
    """Shows what the act asks for, does it, or asks for a second person."""
    found = ACTS.get(code)
    if found is None or found.group not in GROUPS:
        raise Http404
    if found.power not in powers_of(request.user):
        raise PermissionDenied
    user = client_of(username)
    if two.are_one(request.user, user):
        raise refusals.Own  # nobody helps themselves
    if bar := found.bar(user):
        return render(request, "console/act.html", {"act": found, "client": user, "bar": bar})
    if request.method != "POST":
        trail.seen(request.user, user, request.origin, part=found.code)
        return _page(request, found, user, found.form(client=user))
    form = found.form(request.POST, client=user)
    if not form.is_valid():
        return _page(request, found, user, form)
    return (
        _asked(request, found, user, form) if found.takes_two else _done(request, found, user, form)
    )


def _done(request: HttpRequest, found: Act, user: User, form: ActForm) -> HttpResponse:
    try:
        said = acting.do(found, user=user, form=form, staff=request.user, origin=origin_of(request))
    except CannotAct as error:
        return _page(request, found, user, form, error=str(error))
    messages.success(request, said)
    return redirect("console:client", user.username)


def _asked(request: HttpRequest, found: Act, user: User, form: ActForm) -> HttpResponse:
    origin = origin_of(request)
    try:
        made = acting.ask(found, user=user, form=form, staff=request.user, origin=origin)
    except approvals.AlreadyAsked:
        error = _("This waits for a second person already. Decide about that request first.")
        return _page(request, found, user, form, error=error)
    messages.success(request, _("A second person is asked now. The client was told."))
    return redirect("console:approval", made.pk)


def _page(
    request: HttpRequest, found: Act, user: User, form: ActForm, *, error: str = ""
) -> HttpResponse:
    proven = not found.takes_two or is_proven(user_id=user.pk, staff=request.user)
    context = {
        "act": found,
        "client": user,
        "form": form,
        "error": error,
        "unproven": not proven,
        "minutes": settings.APPROVAL_MINUTES,
    }
    if found.code == "freeze":  # as the client's own page says it
        context |= {"stops": freeze_words.stops(), "goes_on": freeze_words.goes_on()}
    return render(request, "console/act.html", context)
