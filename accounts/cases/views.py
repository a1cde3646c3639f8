from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.cases import listing, services, wording
from accounts.cases.forms import LetterForm, ReportForm
from accounts.cases.models import Case, Kind
from accounts.marks import opens_in, unmarked
from accounts.sessions.rules import INCIDENT


@never_cache
@login_not_required
@unmarked("a report takes nothing and gives nothing; it is counted and bounded")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Something suspicious, from anybody. Whoever is signed in can follow it afterwards."""
    # Staff have no page of a case of their own.
    owner = request.user if request.user.is_authenticated and not request.user.is_staff else None
    if request.method != "POST":
        form = ReportForm(initial={"kind": request.GET.get("kind", "")[:20]})
        return render(request, "cases/report.html", {"form": form, "owner": owner})
    form = ReportForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/report.html", {"form": form, "owner": owner})
    if owner is not None:
        limits.demand("reports_per_user", str(owner.pk))
    else:
        limits.demand("reports_per_address", request.origin.network)
        limits.demand("reports_without_account", "all")
    case = services.open(
        user=owner,
        kind=Kind(form.cleaned_data["kind"]),
        text=form.cleaned_data["text"],
        origin=request.origin,
    )
    if owner is not None:
        messages.success(request, _("Thank you. We have your report."))
        return redirect("case", case.reference)
    context = {"case": case, "advice": wording.advice(case.kind)}
    return render(request, "cases/reported.html", context)


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Everything that the reader has reported, the newest first."""
    page = listing.of_owner(request.user, after=request.GET.get("after", ""))
    rows = [(case, wording.TONES[case.status]) for case in page.cases]
    return render(request, "cases/list.html", {"rows": rows, "more": page.more})


@never_cache
@opens_in(INCIDENT)
@unmarked("a message takes nothing and gives nothing; it is counted and bounded")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a report of the reader's own stands, and the next message. On the way back after a
    freeze it is that of the freeze alone."""
    found = listing.find(reference, user=request.user)
    if found is None or (request.session_row.limited_to and found.kind != Kind.INCIDENT):
        raise Http404
    if request.method != "POST":
        return _page(request, found, LetterForm())
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    limits.demand("letters_per_user", str(request.user.pk))
    try:
        services.write(case=found, text=form.cleaned_data["text"])
    except services.Closed:
        return redirect("case", found.reference)
    except services.Full:
        form.add_error("text", _("This case is full. Please call us."))
        return _page(request, found, form)
    messages.success(request, _("Sent."))
    return redirect("case", found.reference)


def _page(request: HttpRequest, found: Case, form: LetterForm) -> HttpResponse:
    context = {
        "case": found,
        "form": form,
        "letters": listing.letters(found),
        "says": wording.of_status(found.status),
        "tone": wording.TONES[found.status],
        "advice": "" if found.is_closed else wording.advice(found.kind),
        "is_limited": bool(request.session_row.limited_to),
    }
    return render(request, "cases/case.html", context)
