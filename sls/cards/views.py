"""One card: its page, its PIN, its loss and its return."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.challenges.wording import Problem
from accounts.marks import sensitive, unmarked
from accounts.sessions.rules import is_verified
from sls.cards import listing, losing, pages, pins, returning, wording
from sls.cards.forms import ParcelForm, PinForm
from sls.cards.models import PinChange
from sls.cards.rules import Refusal
from sls.methods.dsc_plus.models import CardDevice

FOUND, PIN = "card.found", "card.pin"


@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """A card and what can be done with it."""
    return render(request, "cards/card.html", pages.one(_find(request, pk)))


@sensitive_post_parameters("pin", "pin_again")
@sensitive(PIN)
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Another PIN: behind a proof, which opens some minutes for it, because no PIN is ever kept."""
    device = _find(request, pk)
    if not (device.confirmed and device.may_prove):
        return redirect("card", pk)
    row = request.session_row
    is_open = is_verified(
        timezone.now(), action=PIN, of=row.verified_action, until=row.verified_until
    )
    form = PinForm(request.POST if "pin" in request.POST else None)
    if request.method == "POST" and "pin" not in request.POST:
        return redirect("card_pin", pk)
    if request.method == "POST" and form.is_valid():
        problem = pins.begin(
            device=device,
            pin=form.cleaned_data["pin"],
            bound_to=row.key,
            origin=request.origin,
        )
        if problem is None:
            return redirect("card_pin_answer", pk)
        form.add_error("pin", problem.text)
    context = {"device": device, "form": form, "is_open": is_open}
    return render(request, "cards/pin.html", context)


@sensitive_post_parameters("code")
@unmarked("the change was asked for by a proven request; a response made with the new PIN ends it")
@require_http_methods(["GET", "HEAD", "POST"])
def pin_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The response that proves the new PIN."""
    device = _find(request, pk)
    change = pins.find(device, bound_to=request.session_row.key)
    if change is None:
        return redirect("card_pin", pk)
    typed = request.POST.get("code", "")
    if request.method != "POST":
        return _pin_page(request, device, change)
    problem = pins.answer(change, text=typed, origin=request.origin)
    if problem is not None:
        return _pin_page(request, device, change, problem, typed[:64])
    messages.success(request, _("The new PIN is in use. The old one makes wrong responses now."))
    return redirect("card", pk)


def _pin_page(
    request: HttpRequest,
    device: CardDevice,
    change: PinChange,
    problem: Problem | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        **pages.pin(change),
        "device": device,
        "error": problem.text if problem else "",
        "typed": typed,
        "page_url": reverse("card_pin_answer", args=[device.pk]),
    }
    return render(request, "cards/pin_answer.html", context)


@unmarked("it raises safety, so it is immediate (UX R45)")
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what follows from it, and does it; once it is lost, "I found it"."""
    device = _find(request, pk)
    if request.method != "POST":
        return render(request, "cards/lost.html", pages.one(device))
    refusal = losing.report_lost(device=device, origin=request.origin)
    return _back(request, refusal, "card_lost", pk, _("Nobody can sign in with the card any more."))


@sensitive(FOUND)
@require_POST
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """The card works again."""
    refusal = losing.report_found(device=_find(request, pk), origin=request.origin)
    return _back(request, refusal, "card", pk, _("Your card works again."))


@unmarked("the number of a parcel opens nothing")
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """How a card is sent back; takes the number of the parcel."""
    device = _own(request, pk)
    form = ParcelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refusal = returning.announce(device=device, origin=request.origin, **form.cleaned_data)
        return _back(request, refusal, "card_return", pk, _("Thank you. We look out for it."))
    return render(request, "cards/return.html", {**pages.parcel(device), "form": form})


@require_safe
def return_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that goes into the parcel, made for paper."""
    return render(request, "cards/return_form.html", pages.parcel(_own(request, pk)))


@require_safe
def charges(request: HttpRequest) -> HttpResponse:
    """What was held, given back and charged for cards."""
    return render(request, "cards/charges.html", pages.charges(request.user))


def _find(request: HttpRequest, pk: int) -> CardDevice:
    # Somebody else's card and one that never was are the same 404.
    device = listing.of_user(request.user.pk).filter(pk=pk).first()
    if device is None:
        raise Http404
    return device


def _own(request: HttpRequest, pk: int) -> CardDevice:
    device = _find(request, pk)
    if device.shared:
        raise Http404
    return device


def _back(
    request: HttpRequest, refusal: Refusal | None, name: str, pk: int, done: str
) -> HttpResponse:
    if refusal is not None:
        messages.error(request, wording.of_refusal(refusal))
    else:
        messages.success(request, done)
    return redirect(name, pk)
