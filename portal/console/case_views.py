"""Reports of clients and of others: what is open, an answer, the end."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.cases import listing, services
from accounts.cases.forms import AnswerForm, CloseForm, NoteForm, ReviewForm
from accounts.cases.models import Case
from accounts.marks import unmarked
from portal.console.doors import needs, origin_of
from portal.console.rules import Power

WORK = "the daily work of staff: it changes no right of anybody, and is recorded"


@never_cache
@needs(Power.CASES)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What is open, the longest waiting first."""
    page = listing.before_staff(after=request.GET.get("after", ""))
    return render(request, "console/cases.html", {"cases": page.cases, "more": page.more})


@never_cache
@needs(Power.CASES)
@unmarked(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case, and the answer to it."""
    found = _find(reference)
    if request.method != "POST":
        return _page(request, found)
    form = AnswerForm(request.POST)
    if found.user_id is None:
        raise Http404
    if not form.is_valid():
        return _page(request, found, answer=form)
    try:
        services.answer(
            case=found,
            staff=request.user,
            origin=origin_of(request),
            text=form.cleaned_data["text"],
            waits=form.cleaned_data["waits"],
        )
    except services.Closed:
        return redirect("console:case", found.reference)
    except services.Full:
        form.add_error("text", _("This case is full. Close it, and go on in a new one."))
        return _page(request, found, answer=form)
    messages.success(request, _("Sent. The client is told by mail that there is an answer."))
    return redirect("console:case", found.reference)


@needs(Power.CASES)
@unmarked(WORK)
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever presses it looks after the case from now on."""
    found = _find(reference)
    services.assign(case=found, staff=request.user)
    return redirect("console:case", found.reference)


@never_cache
@needs(Power.CASES)
@unmarked(WORK)
@require_POST
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Ends it, with a reason."""
    found = _find(reference)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, close=form)
    services.close(case=found, staff=request.user, origin=origin_of(request), **form.cleaned_data)
    messages.success(request, _("Case %(reference)s is closed.") % {"reference": found.shown})
    return redirect("console:cases")


@never_cache
@needs(Power.CASES)
@unmarked(WORK)
@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """What staff write for each other."""
    found = _find(reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, note=form)
    try:
        services.note(case=found, staff=request.user, text=form.cleaned_data["note"])
    except services.Full:
        form.add_error("note", _("There are too many notes already."))
        return _page(request, found, note=form)
    return redirect("console:case", found.reference)


@never_cache
@needs(Power.CASES)
@unmarked(WORK)
@require_POST
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """What was learnt, once it is over."""
    found = _find(reference)
    if not found.is_closed:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, review=form)
    services.review(case=found, staff=request.user, origin=origin_of(request), **form.cleaned_data)
    messages.success(request, _("Kept. It helps with the next one."))
    return redirect("console:case", found.reference)


def _find(reference: str) -> Case:
    found = listing.find(reference)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Case, **bound: Form) -> HttpResponse:
    """``bound`` are the forms that were posted, by their names; the others stand empty."""
    forms = {
        "answer": AnswerForm(),
        "close": CloseForm(),
        "note": NoteForm(),
        "review": ReviewForm(initial={"vector": found.vector, "lesson": found.lesson}),
    }
    posted = next((form for form in bound.values() if form.is_bound), None)
    context = {
        "case": found,
        "letters": listing.letters(found),
        "notes": listing.notes(found),
        "form": posted,
        **forms,
        **bound,
    }
    return render(request, "console/case.html", context)
