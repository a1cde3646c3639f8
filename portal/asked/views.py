from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.approvals import listing, services, wording
from accounts.approvals.models import Request
from accounts.approvals.rules import Bar
from accounts.marks import sensitive, unmarked
from portal.console import acting
from portal.console.acts.base import CannotAct
from portal.console.acts.table import ACTS


@never_cache
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, who may be the client."""
    rows = [
        {
            "request": one,
            "title": wording.act(one.act),
            "staff": one.asked_by.first_name,
            "facts": ACTS[one.act].form.worded(one.values, client=one.user),
        }
        for one in listing.about(request.user)
        if one.act in ACTS
    ]
    return render(request, "asked/requests.html", {"rows": rows})


@never_cache
@sensitive("support.approve")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The client agrees: it is done at once."""
    asked = _mine(request, pk)
    said: list[str] = []
    try:
        bar = services.approve(
            pk=asked.pk,
            by=request.user,
            has_power=True,
            why="",
            origin=request.origin,
            act=lambda one, user: said.append(
                acting.carry_out(one, user, second=request.user, origin=request.origin)
            ),
        )
    except CannotAct as error:
        messages.error(request, str(error))
        return redirect("support_requests")
    return _told(request, bar, said[0] if said else "")


@never_cache
@unmarked("takes power away from our support, and gives none")
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The client refuses: nothing is done, and nobody else can decide otherwise."""
    asked = _mine(request, pk)
    bar = services.refuse(
        pk=asked.pk, by=request.user, has_power=True, why="", origin=request.origin
    )
    return _told(request, bar, _("Refused. Our support cannot do it."))


def _mine(request: HttpRequest, pk: int) -> Request:
    asked = Request.objects.filter(pk=pk, user=request.user).first()
    if asked is None:
        raise Http404
    return asked


def _told(request: HttpRequest, bar: Bar | None, said: str) -> HttpResponse:
    if bar is None:
        messages.success(request, said)
    else:
        messages.error(request, _("This request is over: it was decided, or it ended by itself."))
    return redirect("support_requests")
