from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.marks import sensitive, unmarked
from accounts.transactions import listing, rules, services, wording
from accounts.transactions.models import Transaction


@never_cache
@require_safe
def transactions(request: HttpRequest) -> HttpResponse:
    """Every transaction that the reader was asked about, the newest first."""
    page = listing.of_owner(request.user, after=request.GET.get("after", ""))
    rows = [_shown(one) for one in page.rows]
    return render(request, "transactions/list.html", {"rows": rows, "more": page.more})


@never_cache
@require_safe
def transaction(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them: was it you?"""
    made = _find(request, reference)
    state = made.state
    context = {
        "one": _shown(made),
        "says": wording.says(state),
        "may_confirm": rules.may_answer(state, mine=True),
        "may_refuse": rules.may_answer(state, mine=False),
        "is_refused": state is rules.State.NOT_MINE,
    }
    return render(request, "transactions/transaction.html", context)


@never_cache
@sensitive("transaction.confirm")
@require_POST
def mine(request: HttpRequest, reference: str) -> HttpResponse:
    """It was the reader, who has just proven that: what was held goes on."""
    made = _find(request, reference)
    if services.confirm(made=made, origin=request.origin):
        messages.success(request, _("Thank you. It goes on."))
    else:
        messages.error(request, _("It takes no answer any more."))
    return redirect("transaction", made.reference)


@never_cache
@unmarked("it only takes rights away")
@require_POST
def not_mine(request: HttpRequest, reference: str) -> HttpResponse:
    """It was somebody else: it stays held, and a case is opened."""
    made = _find(request, reference)
    if not services.refuse(made=made, origin=request.origin):
        messages.error(request, _("It takes no answer any more."))
    return redirect("transaction", made.reference)


def _find(request: HttpRequest, reference: str) -> Transaction:
    found = listing.find(reference, user=request.user)
    if found is None:
        raise Http404
    return found


def _shown(made: Transaction) -> dict[str, object]:
    state = made.state
    return {
        "made": made,
        "money": wording.money(made),
        "state": wording.of_state(state),
        "tone": wording.TONES[state],
    }
