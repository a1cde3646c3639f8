from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import phrase
from accounts.alerts import choices, inbox, pages
from accounts.alerts.categories import Category, Way
from accounts.alerts.forms import ChoiceForm
from accounts.marks import sensitive, unmarked
from accounts.outbox import endpoints

NUMBER_MAX = 2**63 - 1  # of an entry


@sensitive("alerts.change")
@require_http_methods(["GET", "HEAD", "POST"])
def alerts_settings(request: HttpRequest) -> HttpResponse:
    """Who hears of what, and the way to hear less, which takes a proof and is told to everybody."""
    if request.method == "POST":
        if _choose(request, less=True):
            messages.success(request, _("Switched off. We told all your contacts."))
        return redirect("alerts_settings")
    context = {
        "rows": pages.rows(request.user),
        "digests": pages.digests(request.user),
        "phones": len(endpoints.of(request.user.pk)),
        "phrase": phrase.masked(phrase.of(request.user)),
    }
    return render(request, "alerts/settings.html", context)


@unmarked("it only makes the owner hear more")
@require_POST
def more(request: HttpRequest) -> HttpResponse:
    """Switches an alert on, at once."""
    if _choose(request, less=False):
        messages.success(request, _("Switched on."))
    return redirect("alerts_settings")


def _choose(request: HttpRequest, *, less: bool) -> bool:
    """Does what was posted, whether that changed anything. Raises ``BadRequest``."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no such choice")
    what, _dot, how = form.cleaned_data["choice"].partition(".")
    who = {"user_id": request.user.pk, "origin": request.origin}
    if what == "digest":
        return choices.set_digest(**who, digest=how, less=less)
    try:
        return choices.switch(**who, category=Category(what), way=Way(how), on=not less)
    except choices.NotSilenceable:
        raise BadRequest("that alert is always on") from None


@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """What the owner was told of, newest first. Looking at it marks nothing."""
    page = inbox.page(request.user, before=_number(request.GET.get("before", "")))
    return render(request, "alerts/inbox.html", {"page": page})


@unmarked("it moves the owner's own mark of what was read")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Everything that the page showed is read."""
    up_to = _number(request.POST.get("up_to", ""))
    if up_to is None:
        raise BadRequest("up to where?")
    inbox.mark_read(user_id=request.user.pk, up_to=up_to)
    return redirect("inbox")


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:20]), NUMBER_MAX)
