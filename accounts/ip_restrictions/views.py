from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.ip_restrictions import door, drafting, pages, people, services, wording
from accounts.ip_restrictions.forms import NetworkForm, TypedForm
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.networks import Refused
from accounts.ip_restrictions.rules import Refusal, State
from accounts.marks import sensitive, unmarked
from accounts.users.models import User

CHANGE = "ip_restrictions.change"


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own list."""
    return _list_page(request, request.user, NetworkForm())


@require_safe
def listing(request: HttpRequest, who: int) -> HttpResponse:
    """The list of somebody whom one looks after."""
    return _list_page(request, _person(request, who), NetworkForm())


def _person(request: HttpRequest, who: int) -> User:
    # Somebody whom one does not look after and somebody who never was are the same 404.
    user = people.find(request.user, who)
    if user is None:
        raise Http404
    return user


def _list_page(request: HttpRequest, user: User, form: NetworkForm) -> HttpResponse:
    context = pages.listing(
        user, by=request.user, origin=request.origin, opened_at=request.session_row.opened_at
    )
    return render(request, "ip_restrictions/list.html", {**context, "form": form})


@unmarked("a draft decides nothing")
@require_POST
def add(request: HttpRequest, who: int) -> HttpResponse:
    """Drafts a network, or a browser of the portal (``browser``)."""
    user = _person(request, who)
    limits.demand("rows_per_user", str(request.user.pk))
    form = NetworkForm(request.POST)
    if not form.is_valid():
        return _list_page(request, user, form)
    made = _draft(request, user, form)
    if isinstance(made, Restriction):
        return redirect(f"{pages.words(user)['list_url']}#pending")
    text = wording.unfit(made) if isinstance(made, Refused) else wording.refusal(made)
    form.add_error(
        {Refusal.LABEL: "label", Refusal.PLATFORM: "platform"}.get(made, "network"), text
    )
    return _list_page(request, user, form)


def _draft(request: HttpRequest, user: User, form: NetworkForm) -> Restriction | Refusal | Refused:
    typed, by = form.cleaned_data, request.user
    if browser := request.POST.get("browser", ""):
        number = int(browser) if browser.isascii() and browser.isdigit() else 0
        return drafting.add_browser(
            user=user, browser=min(number, 2**31), label=typed["label"], by=by
        )
    return drafting.add_network(
        user=user,
        typed=typed["network"],
        label=typed["label"],
        platform=typed["platform"] or "all",
        by=by,
        origin=request.origin,
    )


@unmarked("a draft decides nothing")
@require_POST
def drop(request: HttpRequest, who: int, pk: int) -> HttpResponse:
    """Deletes a drafted entry."""
    user = _person(request, who)
    if not drafting.drop(user=user, entry=pk):
        raise Http404
    return redirect("ip_list", user.pk)


def _try_refused(request: HttpRequest, why: str, who: int) -> HttpResponse:
    return _try_page(request, _person(request, who), why)


@sensitive(CHANGE, refused=_try_refused)
@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request: HttpRequest, who: int) -> HttpResponse:
    """The rehearsal, and from it the drafted entries in force."""
    user = _person(request, who)
    if request.method != "POST":
        return _try_page(request, user)
    refusal = services.apply(
        user=user,
        by=request.user,
        origin=request.origin,
        typed=request.POST.get("typed", "")[:300],
    )
    if refusal:
        return _try_page(request, user, wording.refusal(refusal, address=request.origin.address))
    return redirect("ip_list", user.pk)


def _try_page(request: HttpRequest, user: User, error: str = "") -> HttpResponse:
    context = pages.trying(user, by=request.user, origin=request.origin)
    context |= {"form": _typed_form(request, error)}
    return render(request, "ip_restrictions/try.html", context)


def _typed_form(request: HttpRequest, error: str) -> TypedForm:
    if not error:
        return TypedForm()
    form = TypedForm(request.POST)
    form.is_valid()
    form.add_error("typed", error)
    return form


@unmarked("it takes a sign-in from after the change, which is a proof of identity")
@require_POST
def confirm(request: HttpRequest, who: int) -> HttpResponse:
    """What is on trial stays."""
    user = _person(request, who)
    opened_at = request.session_row.opened_at
    refusal = services.confirm(
        user=user, by=request.user, opened_at=opened_at, origin=request.origin
    )
    return _back(request, user, refusal, _("The list is confirmed and stays as it is now."))


@sensitive(CHANGE)
@require_POST
def take_back(request: HttpRequest, who: int) -> HttpResponse:
    """What is on trial ends now."""
    user = _person(request, who)
    refusal = services.take_back(user=user, by=request.user, origin=request.origin)
    return _back(request, user, refusal, _("The list is what it was before."))


def _remove_refused(request: HttpRequest, why: str, who: int, pk: int) -> HttpResponse:
    user = _person(request, who)
    return _remove_page(request, user, _active(user, pk), why)


@sensitive(CHANGE, refused=_remove_refused)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, who: int, pk: int) -> HttpResponse:
    """Says what removing an entry does, and does it."""
    user = _person(request, who)
    row = _active(user, pk)
    if request.method != "POST":
        return _remove_page(request, user, row)
    refusal = services.remove(
        user=user,
        pk=pk,
        by=request.user,
        origin=request.origin,
        typed=request.POST.get("typed", "")[:300],
    )
    if refusal is Refusal.TYPE_ADDRESS:
        text = wording.refusal(refusal, address=request.origin.address)
        return _remove_page(request, user, row, text)
    return _back(request, user, refusal, "")


def _active(user: User, pk: int) -> Restriction:
    rows = Restriction.objects.filter(user=user, pk=pk, state=State.ACTIVE)
    row = rows.select_related("browser").first()
    if row is None:
        raise Http404
    return row


def _remove_page(
    request: HttpRequest, user: User, row: Restriction, error: str = ""
) -> HttpResponse:
    context = pages.removing(user, row, by=request.user, origin=request.origin)
    context |= {"form": _typed_form(request, error)}
    return render(request, "ip_restrictions/remove.html", context)


@unmarked("it raises safety, so it is immediate (UX R45)")
@require_POST
def keep(request: HttpRequest, who: int, pk: int) -> HttpResponse:
    """Cancels the announced removal of an entry."""
    user = _person(request, who)
    _active(user, pk)
    refusal = services.keep(user=user, pk=pk, by=request.user, origin=request.origin)
    return _back(request, user, refusal, _("The entry stays."))


@unmarked("it raises safety, so it is immediate (UX R45)")
@require_POST
def door_off(request: HttpRequest, who: int) -> HttpResponse:
    """Switches the emergency door off, or leaves it off."""
    user = _person(request, who)
    door.shut(user=user, by=request.user, origin=request.origin)
    return _back(request, user, None, _("The emergency door is off."))


@sensitive(CHANGE)
@require_POST
def door_on(request: HttpRequest, who: int) -> HttpResponse:
    """Switches it on again, after the delay."""
    user = _person(request, who)
    door.reopen(user=user, by=request.user, origin=request.origin)
    return redirect("ip_list", user.pk)


def _back(request: HttpRequest, user: User, refusal: Refusal | None, done: str) -> HttpResponse:
    if refusal:
        messages.error(request, wording.refusal(refusal, address=request.origin.address))
    elif done:
        messages.success(request, done)
    return redirect("ip_list", user.pk)
