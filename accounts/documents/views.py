from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.cases import services as cases
from accounts.cases.models import Kind as CaseKind
from accounts.documents import balances, listing, rules, services, wording
from accounts.documents.forms import WrongForm
from accounts.documents.listing import Wish
from accounts.documents.models import Document, Kind
from accounts.documents.rules import Span
from accounts.documents.services import Gone
from accounts.marks import unmarked

# No page of it runs anything, and it is nothing but a file to be saved.
_CLOSED = "default-src 'none'; sandbox"


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Balances of each account that the reader sees, and their documents, the newest first."""
    wish = _wish(request)
    places = listing.seen_by(request.user.pk)
    page = listing.page(places=places, user_id=request.user.pk, wish=wish)
    context = {
        "balances": balances.of(places),
        "rows": [wording.shown(row, request.user) for row in page.rows],
        "page": page,
        "wish": wish,
        "kinds": Kind.choices,
        "accounts": [one.account.number for one in places],
        "is_filtered": bool(wish.kind or wish.year or wish.account),
    }
    return render(request, "documents/statements.html", context)


def _wish(request: HttpRequest) -> Wish:
    """What is no kind, year or account says nothing."""
    kind, year = request.GET.get("kind", ""), request.GET.get("year", "")
    is_year = year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0
    return Wish(
        kind=kind if kind in Kind.values else "",
        year=int(year) if is_year else None,
        account=request.GET.get("account", "")[:12],
        after=request.GET.get("after", "")[:60],
    )


@require_safe
def positions(request: HttpRequest, number: str) -> HttpResponse:
    """Balance and positions of one account, as of the newest delivery."""
    found = balances.find(user_id=request.user.pk, number=number)
    if found is None:
        raise Http404
    page = balances.page(found, after=request.GET.get("after", "")[:40])
    return render(request, "documents/positions.html", {"balance": found, "page": page})


@require_safe
def document(request: HttpRequest, document: object) -> HttpResponse:
    """The file, or the one part of it that is asked for (RFC 9110, 14). Every opening is recorded
    before the first byte leaves."""
    found = listing.find(user_id=request.user.pk, pk=document)
    if found is None:
        raise Http404
    early = get_conditional_response(request, etag=_etag(found))
    if early is not None:
        return _dressed(early, found)
    span = _span(request, found)
    if span == rules.NOTHING:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{found.size}"
        return _dressed(refused, found)
    if request.method == "GET":
        limits.demand("documents_per_user", str(request.user.pk))
        found = services.opened(
            user_id=request.user.pk, pk=found.pk, origin=request.origin, span=span
        )
        if found is None:
            raise Http404
    try:
        return _file(request, found, span)
    except Gone:
        raise Http404 from None


def _etag(found: Document) -> str:
    return f'"{found.sha256}"'


def _span(request: HttpRequest, found: Document) -> Span | None:
    """The part that is asked for, None for the whole."""
    asked = request.headers.get("Range", "")
    # A part of something else would be put to what is there already.
    same = request.headers.get("If-Range", _etag(found)) == _etag(found)
    if not asked or not same or request.method != "GET":
        return None
    return rules.span(asked, size=found.size)


def _file(request: HttpRequest, found: Document, span: Span | None) -> HttpResponse:
    part = span or Span(0, found.size - 1)
    if request.method == "HEAD":
        response: HttpResponse | StreamingHttpResponse = HttpResponse()
    else:
        content = services.read(found, part)
        response = StreamingHttpResponse(content, status=206 if span else 200)
    response["Content-Length"] = str(part.size)
    if span:
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{found.size}"
    name = wording.file_name(found)
    spoken = quote(f"{wording.about(found)}.pdf", safe="")
    response["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{spoken}"
    return _dressed(response, found)


def _dressed(response: HttpResponse, found: Document) -> HttpResponse:
    response["Content-Type"] = "application/pdf"
    response["ETag"] = _etag(found)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _CLOSED
    return response


@unmarked("a report takes nothing and gives nothing; it is counted and bounded")
@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: HttpRequest) -> HttpResponse:
    """Something is wrong with a document or with figures: a case, which we look at."""
    sent = request.POST if request.method == "POST" else request.GET
    about = _about(request, sent.get("about", ""))
    form = WrongForm(sent) if request.method == "POST" else WrongForm(initial=sent.dict())
    if request.method != "POST" or not form.is_valid():
        return render(request, "documents/wrong.html", {"form": form, "about": about})
    limits.demand("reports_per_user", str(request.user.pk))
    case = cases.open(
        user=request.user,
        kind=CaseKind.STATEMENT,
        text=f"{about}\n\n{form.cleaned_data['text']}",
        origin=request.origin,
    )
    messages.success(request, _("Thank you. We have your report."))
    return redirect("case", case.reference)


def _about(request: HttpRequest, named: str) -> str:
    """What it is about, in a line. Raises ``Http404`` for what the reader does not see."""
    key = listing.uuid_of(named)
    if key is not None:
        found = listing.find(user_id=request.user.pk, pk=key)
        if found is not None:
            return wording.about(found)
    balance = balances.find(user_id=request.user.pk, number=named)
    if balance is None:
        raise Http404
    return balances.about(balance)
