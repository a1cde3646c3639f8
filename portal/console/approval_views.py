"""Requests that wait for a second person."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.approvals import listing, services, wording
from accounts.approvals.models import Request
from accounts.approvals.rules import REASON_MAX, Bar
from accounts.callers.listing import is_proven
from accounts.marks import unmarked
from portal.console import acting, places, refusals
from portal.console.acts.base import CannotAct
from portal.console.acts.table import ACTS
from portal.console.doors import needs, origin_of

WHY = "a second person decides: the power opens it, and whoever asked never decides"


class DecisionForm(forms.Form):
    """Why it is approved or refused."""

    why = forms.CharField(
        label=gettext_lazy("Your reason"),
        max_length=REASON_MAX,
        min_length=8,
        error_messages={
            "required": gettext_lazy("Say why you decide so."),
            "min_length": gettext_lazy("Say why you decide so."),
        },
    )
    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("withdraw", "")])


@never_cache
@needs(None)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for whoever looks, and what they asked for themselves."""
    rows = listing.waiting(powers=places.decides(request.user), staff=request.user)
    return render(request, "console/approvals.html", {"rows": [_titled(row) for row in rows]})


@never_cache
@needs(None)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, and the decision. Nobody else's business: 404."""
    row = Request.objects.select_related("user", "asked_by", "decided_by").filter(pk=pk).first()
    has_power = row is not None and row.power in places.decides(request.user)
    if row is None:
        raise Http404
    if not (has_power or row.asked_by_id == request.user.pk):
        refusals.note(request, refusals.Why.POWER)
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("decision") == "withdraw":
        bar = services.withdraw(pk=pk, by=request.user, origin=origin_of(request))
        return _told(request, bar, _("The request is withdrawn."))
    if request.method == "POST" and form.is_valid():
        return _decided(request, row, form, has_power=has_power)
    bar = services.bar_to(row, by=request.user, has_power=has_power)
    context = {
        "row": _worded(row),
        "form": form,
        "bar": wording.BARS[bar] if bar else "",
        "is_mine": row.asked_by_id == request.user.pk,
        "proven": row.user is not None and is_proven(user_id=row.user_id, staff=row.asked_by),
    }
    return render(request, "console/approval.html", context)


def _decided(
    request: HttpRequest, row: Request, form: DecisionForm, *, has_power: bool
) -> HttpResponse:
    why, origin, by = form.cleaned_data["why"], origin_of(request), request.user
    if form.cleaned_data["decision"] == "refuse":
        bar = services.refuse(pk=row.pk, by=by, has_power=has_power, why=why, origin=origin)
        return _told(request, bar, _("The request is refused."))
    said: list[str] = []
    try:
        bar = services.approve(
            pk=row.pk,
            by=by,
            has_power=has_power,
            why=why,
            origin=origin,
            act=lambda asked, user: said.append(
                acting.carry_out(asked, user, second=by, origin=origin)
            ),
        )
    except CannotAct as error:
        messages.error(request, str(error))
        return redirect("console:approval", row.pk)
    return _told(request, bar, said[0] if said else "")


def _told(request: HttpRequest, bar: Bar | None, said: str) -> HttpResponse:
    if bar is not None:
        if bar is not Bar.ENDED:
            refusals.note(request, refusals.Why.OWN if bar is Bar.OWN else refusals.Why.POWER)
        messages.error(request, str(wording.BARS[bar]))
    else:
        messages.success(request, said)
    return redirect("console:approvals")


def _titled(row: Request) -> dict:
    return {"request": row, "title": wording.act(row.act)}


def _worded(row: Request) -> dict:
    act = ACTS.get(row.act)
    return _titled(row) | {
        "about": act.about if act else "",
        "grave": bool(act and act.grave),
        "facts": act.form.worded(row.values, client=row.user) if act else [],
    }
