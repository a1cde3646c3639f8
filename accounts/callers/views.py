from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.callers import listing, services
from accounts.cases import services as cases
from accounts.cases import wording as case_words
from accounts.cases.models import Kind
from accounts.floor import Floor
from accounts.marks import unmarked
from accounts.users.models import User

TYPED_MAX = 40


@never_cache
@login_not_required
@unmarked("it changes nothing but a count")
@require_http_methods(["GET", "HEAD", "POST"])
def verify_caller(request: HttpRequest) -> HttpResponse:
    """Is this really you calling me? From anybody, by the reference that the caller gives.

    Whoever is signed in hears it of their own references alone. Whatever is no good is answered
    alike, in the same time.
    """
    viewer = _viewer(request)
    if request.method != "POST":
        context = {"viewer": viewer, "calls": listing.of_client(viewer) if viewer else []}
        return render(request, "callers/verify.html", context)
    limits.demand("caller_checks_per_address", request.origin.network)
    typed = request.POST.get("reference", "")[:TYPED_MAX]
    with Floor():
        talk = services.check(typed=typed, viewer=viewer)
    if talk is None:
        return render(request, "callers/hang_up.html", {"viewer": viewer, "typed": typed})
    return render(request, "callers/confirmed.html", {"viewer": viewer, "talk": talk})


@never_cache
@login_not_required
@unmarked("a report takes nothing and gives nothing; it is counted and bounded")
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """One tap: the call whose reference was none is reported, and a case opened."""
    viewer = _viewer(request)
    if viewer is not None:
        limits.demand("reports_per_user", str(viewer.pk))
    else:
        limits.demand("reports_per_address", request.origin.network)
        limits.demand("reports_without_account", "all")
    typed = request.POST.get("reference", "")[:TYPED_MAX]
    text = _("A caller gave a reference that was not confirmed: “%(typed)s”") % {"typed": typed}
    case = cases.open(user=viewer, kind=Kind.CALL, origin=request.origin, text=text)
    if viewer is not None:
        messages.success(request, _("Thank you. We have your report."))
        return redirect("case", case.reference)
    context = {"case": case, "advice": case_words.advice(case.kind)}
    return render(request, "cases/reported.html", context)


def _viewer(request: HttpRequest) -> User | None:
    """The client who is signed in; nobody calls staff as a client."""
    signed_in = request.user.is_authenticated and not request.user.is_staff
    return request.user if signed_in else None
