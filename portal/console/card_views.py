"""Security cards: what is in stock, whom to send one, and a delivery that comes in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.marks import unmarked
from portal.console.doors import actor_of, needs, origin_of
from portal.console.rules import Power
from sls.algorithms import pskc
from sls.methods.dsc_plus import stock

SHOWN = 50


class DeliveryForm(forms.Form):
    """An encrypted container (RFC 6030), and what opens it. Neither is kept."""

    file = forms.FileField(
        label=gettext_lazy("PSKC file"),
        error_messages={"required": gettext_lazy("Choose the file of the delivery.")},
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase of the file"),
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": gettext_lazy("Type the passphrase of the file.")},
    )


@never_cache
@needs(Power.CARD_STOCK)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """What waits to be sent, the oldest first, and how many are in stock (at most a hundred)."""
    free = list(stock.free().values_list("serial", flat=True)[:100])
    orders = list(stock.to_ship()[: SHOWN + 1])
    context = {
        "free": len(free),
        "is_more": len(free) == 100,
        "next": free[0] if free else "",
        "orders": orders[:SHOWN],
        "more": len(orders) > SHOWN,
    }
    return render(request, "console/cards.html", context)


@never_cache
@sensitive_post_parameters("passphrase")
@needs(Power.CARD_STOCK)
@unmarked("takes cards into stock: nobody's rights change")
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest) -> HttpResponse:
    """A delivery goes into stock, all or nothing; every bad card is named."""
    if request.method != "POST":
        return _page(request, DeliveryForm())
    form = DeliveryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    container, passphrase = form.cleaned_data["file"].read(), form.cleaned_data["passphrase"]
    try:
        tokens = pskc.read(container, passphrase=passphrase)
        found = stock.import_tokens(tokens, origin=origin_of(request), actor=actor_of(request.user))
    except pskc.Unreadable as error:
        return _page(request, form, problems=error.problems)
    words = ngettext(
        "%(count)d card is in stock now.", "%(count)d cards are in stock now.", len(found)
    )
    messages.success(request, words % {"count": len(found)})
    return redirect("console:cards")


def _page(request: HttpRequest, form: DeliveryForm, **found: Any) -> HttpResponse:
    return render(request, "console/delivery.html", {"form": form, **found})
