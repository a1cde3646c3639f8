from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.ceilings import pages, services, wording
from accounts.ceilings.forms import CeilingsForm
from accounts.ceilings.rules import Kind
from accounts.ceilings.services import NotOwner
from accounts.client_accounts import opt_out
from accounts.client_accounts.models import ClientAccount
from accounts.client_accounts.wording import first_name_alone
from accounts.marks import sensitive, unmarked


@require_safe
def ceilings(request: HttpRequest) -> HttpResponse:
    """The ceilings of each account that the reader owns; to everybody else, who does."""
    groups = pages.groups(request.user.pk)
    who = [] if groups else opt_out.who_may(request.user)
    return render(request, "ceilings/list.html", {"groups": groups, "who": who})


@unmarked("it only lowers what may be done; what would raise it is asked for on another page")
@require_http_methods(["GET", "HEAD", "POST"])
def ceiling(request: HttpRequest, number: str) -> HttpResponse:
    """Sets ceilings: what is lower holds at once, what is higher goes on to a proof."""
    account = _find(request, number)
    if request.method != "POST":
        found = services.standings(account.number, now=timezone.now())
        return _form(request, account, CeilingsForm(initial=pages.typed(found)))
    form = CeilingsForm(request.POST)
    if not form.is_valid():
        return _form(request, account, form)
    limits.demand("rows_per_user", str(request.user.pk))
    done = _change(request, account, form, proven=False)
    if done.lowered:
        messages.success(request, _("Lowered. It holds from now on."))
    if done.left and not services.may_raise(account, by=request.user.pk):
        messages.error(request, first_name_alone())
        return redirect("ceilings")
    if done.left:
        return _ask(request, account, form, done.left)
    if not done.lowered:
        messages.info(request, _("Nothing has changed."))
    return redirect("ceilings")


def _ask(
    request: HttpRequest, account: ClientAccount, form: CeilingsForm, left: list[Kind]
) -> HttpResponse:
    """What is left is more than before: the reader says so, then proves it."""
    lines = [(wording.NAMES[kind], wording.amount(kind, form.wanted[kind])) for kind in left]
    fields = [(kind.value, request.POST.get(kind.value, "")) for kind in form.wanted]
    context = {"account": account, "lines": lines, "fields": fields, "hours": settings.HOLD_HOURS}
    return render(request, "ceilings/raise.html", context)


@sensitive("ceilings.raise")
@require_POST
def ceiling_raise(request: HttpRequest, number: str) -> HttpResponse:
    """Asks for more: it comes after its time."""
    account = _find(request, number)
    form = CeilingsForm(request.POST)
    if not form.is_valid():
        return _form(request, account, form)
    done = _change(request, account, form, proven=True)
    if done.raised:
        said = _("It rises in %(hours)s hours. Until then you can keep it as it is.")
        messages.success(request, said % {"hours": settings.HOLD_HOURS})
    elif done.left:
        messages.error(request, first_name_alone())
    else:
        messages.info(request, _("Nothing has changed."))
    return redirect("ceilings")


@unmarked("it only drops a raise that has not come yet")
@require_POST
def ceiling_keep(request: HttpRequest, number: str) -> HttpResponse:
    """Drops every raise that is still to come."""
    account = _find(request, number)
    try:
        kept = services.keep(account=account, by=request.user.pk, origin=request.origin)
    except NotOwner:
        raise Http404 from None
    if kept:
        messages.success(request, _("Your ceilings stay as they are."))
    return redirect("ceilings")


def _find(request: HttpRequest, number: str) -> ClientAccount:
    # An account of somebody else and one that never was are the same 404.
    account = services.owned(request.user.pk).filter(number=number).first()
    if account is None:
        raise Http404
    return account


def _change(
    request: HttpRequest, account: ClientAccount, form: CeilingsForm, *, proven: bool
) -> services.Done:
    try:
        return services.change(
            account=account,
            wanted=form.wanted,
            by=request.user.pk,
            origin=request.origin,
            proven=proven,
        )
    except NotOwner:
        raise Http404 from None


def _form(request: HttpRequest, account: ClientAccount, form: CeilingsForm) -> HttpResponse:
    context = {"form": form, "hours": settings.HOLD_HOURS} | pages.of_account(account)
    return render(request, "ceilings/ceilings.html", context)
