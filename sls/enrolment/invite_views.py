from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.client_accounts import people, wording
from accounts.client_accounts.models import ClientAccount
from accounts.client_accounts.rules import Refusal
from accounts.marks import sensitive
from sls.enrolment import inviting
from sls.enrolment.invite_forms import AddForm, InviteForm
from sls.enrolment.inviting import Place, Unknown
from sls.enrolment.services import CannotOpen, NewUser

CHANGE = "users.change"
METHODS = ["GET", "HEAD", "POST"]


@sensitive(CHANGE)
@require_http_methods(METHODS)
def account_users_add(request: HttpRequest, number: str) -> HttpResponse:
    """Puts a user name that exists on the account."""
    account, form = _asked(request, number, AddForm)
    if request.method == "POST" and form.is_valid():
        limits.demand("rows_per_user", str(request.user.pk))
        data = form.cleaned_data
        outcome = inviting.add_existing(
            place=Place(number, data["role"], request.user.pk),
            username=data["username"],
            email=data["email"],
            origin=request.origin,
        )
        if outcome is None:
            return _added(request, form)
        form.add_error("username", _why(outcome, account))
    context = {"account": account, "form": form}
    return render(request, "client_accounts/user_add.html", context)


@sensitive(CHANGE)
@require_http_methods(METHODS)
def account_users_invite(request: HttpRequest, number: str) -> HttpResponse:
    """Makes a new user name on the account; an activation code goes to its address."""
    account, form = _asked(request, number, InviteForm)
    if request.method == "POST" and form.is_valid():
        limits.demand("rows_per_user", str(request.user.pk))
        refusal = _invite(request, number, form)
        if refusal is None and not form.errors:
            return _added(request, form)
        if refusal is not None:
            form.add_error("username", wording.of_refusal(refusal, account))
    context = {"account": account, "form": form}
    return render(request, "client_accounts/user_invite.html", context)


def _invite(request: HttpRequest, number: str, form: InviteForm) -> Refusal | None:
    data = form.cleaned_data
    new = NewUser(
        username=data["username"],
        name=data["name"],
        email=data["email"],
        mobile=data["mobile"],
        language=request.user.language,
    )
    place = Place(number, data["role"], request.user.pk)
    try:
        return inviting.invite(place=place, new=new, origin=request.origin)
    except CannotOpen:
        text = _("No invitation can be sent to that address now. Try again tomorrow, or call us.")
        form.add_error("email", text)
        return None


def _asked(request: HttpRequest, number: str, kind: type[AddForm]) -> tuple[ClientAccount, AddForm]:
    """The account and the form for it; 404 for an account that the reader does not look after."""
    account = people.managed_accounts(request.user.pk).filter(number=number).first()
    if account is None:
        raise Http404
    roles = people.choices(number=number, by=request.user.pk)
    return account, kind(request.POST or None, roles=roles)


def _why(outcome: Refusal | type[Unknown], account: ClientAccount) -> str:
    if outcome is Unknown:
        return _("There is no such user name with that e-mail address. Check both.")
    return wording.of_refusal(outcome, account)


def _added(request: HttpRequest, form: AddForm) -> HttpResponse:
    data = form.cleaned_data
    said = _("%(name)s is on the account now, as: %(role)s.")
    messages.success(request, said % {"name": data["username"], "role": data["role"].label})
    return redirect("account_users")
