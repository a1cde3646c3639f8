from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.client_accounts import algorithms, phones, rules
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.phones import Switch
from accounts.marks import sensitive, unmarked

TAKES = "it only takes rights away"


@unmarked(TAKES)
@require_POST
def phones_narrow(request: HttpRequest) -> HttpResponse:
    """Takes something off the person's phones, at once."""
    if phones.narrow(user_id=request.user.pk, switch=_switch(request), origin=request.origin):
        messages.success(request, _("Done. It holds from the next tap on."))
    return redirect("privileges")


@sensitive("phones.widen")
@require_POST
def phones_widen(request: HttpRequest) -> HttpResponse:
    """Gives it back."""
    if phones.widen(user_id=request.user.pk, switch=_switch(request), origin=request.origin):
        messages.success(request, _("Done. Your phones may do that again."))
    return redirect("privileges")


def _switch(request: HttpRequest) -> Switch:
    switch = request.POST.get("switch", "")
    if switch not in list(Switch):
        raise BadRequest("no such switch")
    return Switch(switch)


@require_safe
def algorithm_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that the reader looks after, and which of them are for algorithms."""
    now = timezone.now()
    rows = [
        {
            "number": one.account.number,
            "is_for_algorithms": one.account.for_algorithms,
            "opens_at": one.account.money_opens_at,
            "is_shut": one.account.is_shut(now),
            "is_owner": one.role == Role.OWNER,
            "may_open": rules.may_let_more(one.role, second_name=one.second_name),
        }
        for one in algorithms.seen_by(request.user.pk)
    ]
    return render(request, "client_accounts/algorithms.html", {"rows": rows})


@unmarked(TAKES)
@require_POST
def algorithm_mark(request: HttpRequest, number: str) -> HttpResponse:
    """Sets an account apart; nothing leaves it from now on."""
    _find(request, number)
    if algorithms.mark(number=number, by=request.user.pk, origin=request.origin):
        done = _("%(account)s is for algorithms now. No money leaves it.")
        messages.success(request, done % {"account": number})
    return redirect("algorithm_accounts")


@sensitive("algorithms.open")
@require_POST
def algorithm_open(request: HttpRequest, number: str) -> HttpResponse:
    """Lets money leave it, a day from now."""
    _find(request, number)
    if algorithms.open_money(number=number, by=request.user.pk, origin=request.origin):
        done = _("Withdrawals from %(account)s open in a day, unless somebody shuts them before.")
        messages.success(request, done % {"account": number})
    return redirect("algorithm_accounts")


@unmarked(TAKES)
@require_POST
def algorithm_shut(request: HttpRequest, number: str) -> HttpResponse:
    """Lets nothing leave it, at once."""
    _find(request, number)
    if algorithms.shut_money(number=number, by=request.user.pk, origin=request.origin):
        messages.success(request, _("No money leaves %(account)s.") % {"account": number})
    return redirect("algorithm_accounts")


@sensitive("algorithms.open")
@require_POST
def algorithm_unmark(request: HttpRequest, number: str) -> HttpResponse:
    """Makes it an account like others, once money leaves it."""
    _find(request, number)
    if algorithms.unmark(number=number, by=request.user.pk, origin=request.origin):
        done = _("%(account)s is an account like others again.")
        messages.success(request, done % {"account": number})
    else:
        messages.error(request, _("Open its withdrawals first, and wait until they are open."))
    return redirect("algorithm_accounts")


def _find(request: HttpRequest, number: str) -> Membership:
    # An account that somebody else looks after and one that never was are the same 404.
    found = algorithms.find(number=number, by=request.user.pk)
    if found is None:
        raise Http404
    return found
