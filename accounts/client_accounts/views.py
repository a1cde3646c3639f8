from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.client_accounts import opt_out
from accounts.marks import unmarked


@require_safe
def opted_out(request: HttpRequest) -> HttpResponse:
    """Whom the owner of an account may opt back in; to everybody else, who may."""
    return render(request, "client_accounts/opted_out.html", opt_out.seen_by(request.user))


@unmarked("it raises safety, so it is immediate (UX R45)")
@require_http_methods(["GET", "HEAD", "POST"])
def opt_back_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what opting back in changes, and does it."""
    if request.method == "POST":
        user = opt_out.opt_back_in(user_id=pk, by=request.user, origin=request.origin)
    else:
        user = next((one for one in opt_out.opted_out_of(request.user) if one.pk == pk), None)
    if user is None:
        raise Http404
    if request.method != "POST":
        return render(request, "client_accounts/opt_back_in.html", {"person": user})
    if user == request.user:
        return redirect("opted_in")
    messages.success(request, _("%(name)s is opted back in.") % {"name": user.name})
    return redirect("opted_out")


@require_safe
def opted_in(request: HttpRequest) -> HttpResponse:
    """How somebody who is back goes on: the choices of the Secure Login System."""
    return render(request, "client_accounts/opted_in.html")
