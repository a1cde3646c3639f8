"""Transactions that clients are asked about: flagged, seen, released."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.callers import listing as callers
from accounts.client_accounts.services import of_user
from accounts.marks import unmarked
from accounts.transactions import calling, listing, rules, services, wording
from accounts.transactions.forms import FlagForm
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.services import Flagged
from portal.console import refusals, trail
from portal.console.clients import client_of
from portal.console.doors import needs, origin_of
from portal.console.forms import ToldForm
from portal.console.rules import Power

WORK = "the work of staff, by their power and with their name: it is recorded, and told"


@needs(Power.TRANSACTIONS)
@never_cache
@require_safe
def transactions(request: HttpRequest) -> HttpResponse:
    """What is held because somebody has to say whether it was them."""
    page = listing.in_hand(after=request.GET.get("after", ""))
    rows = [_shown(one) for one in page.rows]
    return render(request, "console/transactions.html", {"rows": rows, "more": page.more})


@needs(Power.TRANSACTIONS)
@never_cache
@unmarked(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def transaction_flag(request: HttpRequest, username: str) -> HttpResponse:
    """Asks a client whether a transaction is theirs."""
    client = client_of(username)
    accounts = sorted(one.account.number for one in of_user(client.pk))
    form = FlagForm(request.POST if request.method == "POST" else None, accounts=accounts)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/transaction_flag.html", {"client": client, "form": form})
    given = form.cleaned_data
    try:
        made = services.flag(
            user_id=client.pk,
            flagged=Flagged(
                kind=Kind(given["kind"]),
                what=given["what"],
                amount=given["amount"],
                currency=given["currency"],
                at=given["at"],
                account=given["account"],
            ),
            origin=origin_of(request),
            staff=request.user,
        )
    except services.OwnTransaction:
        refusals.note(request, refusals.Why.OWN)
        form.add_error(None, _("This client is you. A colleague does it."))
        return render(request, "console/transaction_flag.html", {"client": client, "form": form})
    messages.success(request, _("The client is asked. Withdrawals wait until they have answered."))
    return redirect("console:transaction", made.reference)


@needs(Power.TRANSACTIONS)
@never_cache
@require_safe
def transaction(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them, and what the client said."""
    made = _find(reference)
    trail.seen(request.user, made.user, request.origin, part="transaction")
    return _page(request, made, ToldForm())


@needs(Power.TRANSACTIONS)
@never_cache
@unmarked(WORK)
@require_POST
def transaction_release(request: HttpRequest, reference: str) -> HttpResponse:
    """Lets it go on, on the word of a client who has proven to the reader who they are; for a
    reason, and the client is told."""
    made = _find(reference)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return _page(request, made, form)
    if not callers.is_proven(user_id=made.user_id, staff=request.user):
        unproven = _("The client has not proven to you who they are. Talk to them first.")
        form.add_error(None, unproven)
        return _page(request, made, form)
    try:
        done = services.release(
            made=made,
            staff=request.user,
            origin=origin_of(request),
            reason=form.cleaned_data["reason"],
            ticket=form.cleaned_data["ticket"],
        )
    except services.OwnTransaction:
        refusals.note(request, refusals.Why.OWN)
        form.add_error(None, _("This client is you. A colleague does it."))
        return _page(request, made, form)
    if done:
        messages.success(request, _("Released. The client is told."))
    else:
        messages.error(request, _("It takes no answer any more."))
    return redirect("console:transaction", made.reference)


@needs(Power.TRANSACTIONS)
@never_cache
@unmarked(WORK)
@require_POST
def transaction_call(request: HttpRequest, reference: str) -> HttpResponse:
    """Has the client asked by an automatic call."""
    made = _find(reference)
    try:
        told = calling.call(made=made, staff=request.user, origin=origin_of(request))
    except services.OwnTransaction:
        refusals.note(request, refusals.Why.OWN)
        messages.error(request, _("This client is you. A colleague does it."))
        return redirect("console:transaction", made.reference)
    if isinstance(told, rules.Silent):
        messages.error(request, wording.of_silence(told))
    else:
        messages.success(request, _("The client is called at %(number)s.") % {"number": told})
    return redirect("console:transaction", made.reference)


def _find(reference: str) -> Transaction:
    found = listing.find(reference)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, made: Transaction, form: ToldForm) -> HttpResponse:
    context = {
        "one": _shown(made),
        "form": form,
        "may_release": made.state in rules.RELEASABLE,
        "may_call": made.state is rules.State.WAITING,
        "is_proven": callers.is_proven(user_id=made.user_id, staff=request.user),
    }
    return render(request, "console/transaction.html", context)


def _shown(made: Transaction) -> dict[str, object]:
    state = made.state
    return {
        "made": made,
        "money": wording.money(made),
        "state": wording.to_staff(state),
        "tone": wording.TONES[state],
    }
