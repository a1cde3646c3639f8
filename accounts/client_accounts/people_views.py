from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.client_accounts import opt_out, people, wording
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.rules import Refusal
from accounts.marks import sensitive

CHANGE = "users.change"


@require_safe
def account_users(request: HttpRequest) -> HttpResponse:
    """Who is on each account that the reader looks after; to everybody else, who does."""
    found = sorted(people.on_managed(request.user.pk), key=lambda one: one.account.number)
    groups = [
        {"account": account, "members": members, "is_full": len(members) >= account.most}
        for account, members in (
            (account, list(rows)) for account, rows in groupby(found, key=lambda one: one.account)
        )
    ]
    who = [] if groups else opt_out.who_may(request.user)
    context = {"groups": groups, "who": who, "roles": list(Role)}
    return render(request, "client_accounts/users.html", context)


@require_safe
def account_user(request: HttpRequest, pk: int) -> HttpResponse:
    """One user of an account: the role, and the way off the account."""
    membership = _find(request, pk)
    roles = people.choices(number=membership.account.number, by=request.user.pk)
    # An officer sees an owner, and changes nothing about them.
    context = {"one": membership, "roles": roles if membership.role in roles else []}
    return render(request, "client_accounts/user.html", context)


@sensitive(CHANGE)
@require_POST
def account_user_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives them another role."""
    membership = _find(request, pk)
    role = request.POST.get("role", "")
    if role not in Role.values:
        messages.error(request, _("Choose a role."))
        return redirect("account_user", pk)
    refusal = people.set_role(
        membership=membership, role=Role(role), by=request.user.pk, origin=request.origin
    )
    done = _("%(name)s is now: %(role)s.")
    said = done % {"name": membership.user.username, "role": Role(role).label}
    return _back(request, membership, refusal, said)


@sensitive(CHANGE)
@require_POST
def account_user_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes them off the account."""
    membership = _find(request, pk)
    refusal = people.remove(membership=membership, by=request.user.pk, origin=request.origin)
    done = _("%(name)s is no longer on account %(account)s.")
    names = {"name": membership.user.username, "account": membership.account.number}
    return _back(request, membership, refusal, done % names)


def _find(request: HttpRequest, pk: int) -> Membership:
    # One of an account that somebody else looks after and one that never was are the same 404.
    membership = people.find(pk, by=request.user.pk)
    if membership is None:
        raise Http404
    return membership


def _back(
    request: HttpRequest, membership: Membership, refusal: Refusal | None, done: str
) -> HttpResponse:
    if refusal is None:
        messages.success(request, done)
    else:
        messages.error(request, wording.of_refusal(refusal, membership.account))
    return redirect("account_users")
