"""The only numbers at which clients call us back: a lead asks, another person decides."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.approvals import services as approvals
from accounts.marks import unmarked
from accounts.support import record
from accounts.support.models import Numbers
from portal.console import acting
from portal.console.acts.house import NumbersForm
from portal.console.acts.table import ACTS
from portal.console.doors import needs, origin_of
from portal.console.rules import Power


@needs(Power.NUMBERS)
@never_cache
@unmarked("asks for a second person; nothing changes before")
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest) -> HttpResponse:
    """The record that every page, mail and call reads, and asking for another."""
    if request.method != "POST":
        return _page(request, NumbersForm(initial=_initial()))
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    known = [(one["label"], one["telephone"]) for one in record.current().numbers]
    if form.cleaned_data["pairs"] == known:
        messages.info(request, _("Clients are told these numbers already."))
        return redirect("console:numbers")
    try:
        made = acting.ask(
            ACTS["numbers"], user=None, form=form, staff=request.user, origin=origin_of(request)
        )
    except approvals.AlreadyAsked:
        waits = _("This waits for a second person already. Decide about that request first.")
        form.add_error(None, waits)
        return _page(request, form)
    messages.success(request, _("A second person is asked now. Until then nothing changes."))
    return redirect("console:approval", made.pk)


def _initial() -> dict[str, str]:
    found = {}
    for place, one in enumerate(record.current().numbers, 1):
        found |= {f"number_{place}": one["telephone"], f"label_{place}": one["label"]}
    return found


def _page(request: HttpRequest, form: NumbersForm) -> HttpResponse:
    last = Numbers.objects.select_related("changed_by").first()
    context = {"form": form, "last": last, "minutes": settings.APPROVAL_MINUTES}
    return render(request, "console/numbers.html", context)
