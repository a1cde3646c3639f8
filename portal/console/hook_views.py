"""Webhooks before security officers: the endpoints, their keys, and what was posted to them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.approvals import services as approvals
from accounts.marks import unmarked
from accounts.outbox.hooks import listing, rules, services, wording
from accounts.outbox.hooks.models import Hook
from accounts.outbox.models import Message
from portal.console import acting
from portal.console.acts import table
from portal.console.acts.base import CannotAct
from portal.console.doors import needs, origin_of
from portal.console.forms import ReasonForm
from portal.console.hook_acts import ACTS
from portal.console.hook_forms import NewHookForm, PlainForm
from portal.console.rules import Power

WHY = "of security officers alone, who give reason and ticket; tells names, opens nothing"


@never_cache
@needs(Power.WEBHOOKS)
@require_safe
def hooks(request: HttpRequest) -> HttpResponse:
    """Every endpoint; there are few."""
    rows = [_card(hook) for hook in Hook.objects.order_by("pk")]
    has_room = sum(not row["hook"].off for row in rows) < services.MOST
    context = {"rows": rows, "has_room": has_room}
    return render(request, "console/hooks/list.html", context)


@never_cache
@needs(Power.WEBHOOKS)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Asks for an endpoint; somebody else decides."""
    form = NewHookForm(request.POST if request.method == "POST" else None)
    error = ""
    if form.is_valid():
        try:
            if services.has_room():
                return _asked(request, "hook_add", form)
            error = _("There are as many endpoints as there may be.")
        except CannotAct as waits:
            error = str(waits)
    context = {"form": form, "error": error, "minutes": settings.APPROVAL_MINUTES}
    return render(request, "console/hooks/new.html", context)


@never_cache
@needs(Power.WEBHOOKS)
@require_safe
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """One endpoint, its keys, and what was posted to it."""
    row = get_object_or_404(Hook, pk=pk)
    before = request.GET.get("before", "")
    page = listing.page(row, before=before)
    context = _card(row) | {
        "keys": row.keys.select_related("shown_to").order_by("place"),
        "unseen_since": timezone.now() - rules.SHOWN_WITHIN,
        "acts": ACTS.values(),
        "lines": [_line(one) for one in page.rows],
        "older": page.older,
        "is_first": not before,
    }
    return render(request, "console/hooks/hook.html", context)


@never_cache
@needs(Power.WEBHOOKS)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act: shows what it asks for, does it, or asks for a second person."""
    row, found = get_object_or_404(Hook, pk=pk), ACTS.get(code)
    if found is None:
        raise Http404
    form = found.form(request.POST if request.method == "POST" else None, hook=row)
    if not form.is_valid():
        return _form(request, row, form, title=found.title, about=found.about, grave=found.grave)
    try:
        if code_of_two := found.asks(form):
            return _asked(request, code_of_two, form)
        said = found.do(row, form.cleaned_data | {"origin": origin_of(request)})
    except CannotAct as error:
        words = {"title": found.title, "about": found.about, "grave": found.grave}
        return _form(request, row, form, error=str(error), **words)
    messages.success(request, said)
    return redirect("console:hook", row.pk)


@never_cache
@needs(Power.WEBHOOKS)
@unmarked(WHY)
@require_POST
def secret(request: HttpRequest, pk: int, kid: str) -> HttpResponse:
    """A new secret, in this one answer, to whoever asked for it."""
    row = get_object_or_404(Hook, pk=pk)
    made = services.show(pk=row.pk, kid=kid, to=request.user.pk, origin=origin_of(request))
    if made is None:
        messages.error(request, _("That secret was shown already, or is not yours to see."))
        return redirect("console:hook", row.pk)
    return render(request, "console/hooks/secret.html", {"made": made})


@never_cache
@needs(Power.WEBHOOKS)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, pk: int, message: UUID) -> HttpResponse:
    """Posts an event again under its own id, so that its receiver knows it if it had it."""
    row = get_object_or_404(Hook, pk=pk)
    get_object_or_404(Message, pk=message, channel="hook", to=str(row.pk))
    form = PlainForm(request.POST if request.method == "POST" else None, hook=row)
    words = {
        "title": _("Send again"),
        "about": _("The same event under the same id: a receiver that had it does nothing."),
    }
    if not form.is_valid():
        return _form(request, row, form, **words)
    sent = not row.off and services.send_again(
        pk=row.pk, message_id=message, origin=origin_of(request), **form.cleaned_data
    )
    if not sent:
        error = _("It cannot be sent: the endpoint is switched off, or the event is too old.")
        return _form(request, row, form, error=error, **words)
    messages.success(request, _("It is on its way again."))
    return redirect("console:hook", row.pk)


def _card(row: Hook) -> dict:
    types = [wording.type_label(one) for one in row.types]
    return {"hook": row, "types": types, "why_off": row.get_off_display() if row.off else ""}


def _line(message: Message) -> dict:
    return {
        "message": message,
        "type": wording.type_label(message.name),
        "cause": wording.cause(message.detail),
    }


def _form(
    request: HttpRequest,
    row: Hook,
    form: ReasonForm,
    *,
    title: str,
    about: str,
    grave: bool = False,
    error: str = "",
) -> HttpResponse:
    context = {"hook": row, "form": form, "title": title, "about": about}
    return render(request, "console/hooks/act.html", context | {"grave": grave, "error": error})


def _asked(request: HttpRequest, code: str, form: ReasonForm) -> HttpResponse:
    """Raises ``CannotAct``."""
    origin = origin_of(request)
    try:
        made = acting.ask(table.ACTS[code], user=None, form=form, staff=request.user, origin=origin)
    except approvals.AlreadyAsked:
        waits = _("This waits for a second person already. Decide about that request first.")
        raise CannotAct(waits) from None
    messages.success(request, _("A second person is asked now. Until then nothing changes."))
    return redirect("console:approval", made.pk)
