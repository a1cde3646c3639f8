"""Requesting a card, page by page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.marks import sensitive, unmarked
from sls.cards import listing, orders, pages, wording
from sls.cards.forms import AddressForm, PinForm
from sls.cards.rules import Refusal
from sls.methods.dsc_plus.models import Order

REQUEST = "card.request"
DRAFT = "a draft orders nothing until a proven request confirms it"


@sensitive_post_parameters("address")
@unmarked(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def request_card(request: HttpRequest) -> HttpResponse:
    """Who may have one, and where it is to be sent; or the request that there is."""
    form = AddressForm(request.POST or None, initial={"address": _address(request)})
    if request.method == "POST" and form.is_valid():
        refusal = orders.draft(user_id=request.user.pk, **form.cleaned_data)
        return _next(request, refusal, "card_request_pin")
    return render(request, "cards/request.html", {**pages.request(request.user), "form": form})


def _address(request: HttpRequest) -> str:
    draft = _draft(request)
    if draft is not None and draft.address is not None:
        return draft.opened("address")
    return orders.last_address(request.user.pk)


@sensitive_post_parameters("pin", "pin_again")
@unmarked(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """The PIN that the card will have."""
    if _draft(request) is None:
        return redirect("card_request")
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        problem = orders.choose_pin(user_id=request.user.pk, pin=form.cleaned_data["pin"])
        if problem is None or isinstance(problem, Refusal):
            return _next(request, problem, "card_request_account")
        form.add_error("pin", wording.of_unfit(problem))
    return render(request, "cards/request_pin.html", {"form": form})


@unmarked(DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The account on which the reserve is held."""
    order = _draft(request)
    if order is None or order.pin is None:
        return redirect("card_request")
    if request.method == "POST" and "account" in request.POST:
        number = request.POST["account"]
        refusal = orders.choose_account(user_id=request.user.pk, number=number)
        return _next(request, refusal, "card_request_summary")
    accounts = orders.accounts_of(request.user.pk)
    chosen = order.account.number if order.account else accounts and accounts[0].number
    context = {
        "accounts": accounts,
        "chosen": chosen,
        "missing": request.method == "POST",
        **pages.terms(),
    }
    return render(request, "cards/request_account.html", context)


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """All of it, to be read before it is ordered."""
    order = _draft(request)
    if not orders.is_complete(order):
        return redirect("card_request")
    return render(request, "cards/request_summary.html", pages.summary(order))


@sensitive(REQUEST)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Orders it."""
    version = request.POST.get("version", "")
    refusal = orders.confirm(user_id=request.user.pk, version=version, origin=request.origin)
    if refusal is Refusal.CHANGED:
        return _next(request, refusal, "card_request_summary", on_refusal="card_request_summary")
    return _next(request, refusal, "card_request")


@unmarked("it only keeps a card from being sent")
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Ends a request that was not shipped yet."""
    refusal = orders.cancel(user_id=request.user.pk, origin=request.origin)
    if refusal is None:
        messages.success(request, _("The request is cancelled. Nothing was held or charged."))
    return _next(request, refusal, "devices")


def _draft(request: HttpRequest) -> Order | None:
    order = listing.open_order(request.user.pk)
    return None if order is None or order.confirmed_at is not None else order


def _next(
    request: HttpRequest, refusal: Refusal | None, name: str, *, on_refusal: str = "card_request"
) -> HttpResponse:
    if refusal is None:
        return redirect(name)
    messages.error(request, wording.of_refusal(refusal))
    return redirect(on_refusal)
