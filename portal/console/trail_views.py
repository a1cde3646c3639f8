"""The trail before auditors: read, checked, and taken along; nothing of it can be changed."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.approvals import listing as approvals
from accounts.audit import checkpoints
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.marks import unmarked
from accounts.users.models import User
from portal.console import evidence as packing
from portal.console import trail_export, trail_reading, trail_staff
from portal.console.doors import actor_of, needs
from portal.console.rules import Power
from portal.console.trail_forms import SYSTEM, ChainForm, EvidenceForm, FilterForm

DAYS = 30
READS = "it reads, and leaves an entry that says so"
FORMATS = {
    "csv": (trail_export.as_csv, "text/csv; charset=utf-8", "csv"),
    "json": (trail_export.as_lines, "application/x-ndjson", "jsonl"),
}


@never_cache
@needs(Power.SEE_TRAIL)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Everything that happened, newest first."""
    form, before = FilterForm(request.GET), request.GET.get("before", "")
    page = trail_reading.page(form.wanted(), before=before) if form.is_valid() else None
    asked = {name: value for name, value in form.data.items() if name in form.fields and value}
    context = {"form": form, "page": page, "asked": asked, "is_first": not before}
    context["query"] = urlencode(asked)
    return render(request, "console/trail/trail.html", context)


@never_cache
@unmarked(READS)
@needs(Power.EXPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """What the filters show, as a file."""
    form = FilterForm(request.POST)
    kind = request.POST.get("format", "")
    if kind not in FORMATS or not form.is_valid():
        raise BadRequest("no such export")
    limits.demand("exports_per_user", str(request.user.pk))
    asked = {name: form.data[name] for name in form.fields if form.data.get(name)}
    _record(request, Event.TRAIL_EXPORTED, {"format": kind, **asked})
    written, content_type, ending = FORMATS[kind]
    name = f"trail-{timezone.now():%Y-%m-%d}.{ending}"
    return StreamingHttpResponse(
        written(trail_export.entries(form.wanted())),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@unmarked(READS)
@needs(Power.SEE_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Whether a chain is whole, and what its checkpoints say."""
    form, result = ChainForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        chain = user if isinstance(user, User) else None
        result = {
            "whose": chain.username if chain else SYSTEM,
            "entry": audit.verify(chain),
            "checkpoint": checkpoints.broken(chain),
            "points": len(checkpoints.stored(chain)),
        }
        whole = result["entry"] is None and result["checkpoint"] is None
        result["whole"] = whole
        _record(request, Event.CHAIN_CHECKED, {"chain": result["whose"], "whole": whole})
    return render(request, "console/trail/check.html", {"form": form, "result": result})


@never_cache
@needs(Power.SEE_TRAIL)
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """What each of staff did lately, by name."""
    since, after = timezone.now() - timedelta(days=DAYS), request.GET.get("after", "")
    page = trail_staff.page(since, after=after)
    return render(request, "console/trail/staff.html", {"page": page, "days": DAYS})


@never_cache
@needs(Power.SEE_TRAIL)
@require_safe
def four_eyes(request: HttpRequest) -> HttpResponse:
    """Who asked for what, and who decided."""
    page = approvals.decided(before=request.GET.get("before", ""))
    return render(request, "console/trail/four_eyes.html", {"page": page})


@never_cache
@unmarked("it gives what this member of staff may read, and leaves an entry with its digest")
@needs(Power.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest) -> HttpResponse:
    """Everything about one client in one file."""
    form = EvidenceForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/trail/evidence.html", {"form": form})
    limits.demand("exports_per_user", str(request.user.pk))
    told = form.cleaned_data
    made = packing.export(
        user=told["user"],
        staff=request.user,
        origin=request.origin,
        reason=told["reason"],
        ticket=told["ticket"],
    )
    return StreamingHttpResponse(
        made.chunks(),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "X-Content-SHA256": made.sha256,
        },
    )


def _record(request: HttpRequest, event: Event, detail: dict[str, object]) -> None:
    """Of what staff look up and take along: the system's chain."""
    with transaction.atomic():
        audit.record(
            event, user=None, origin=request.origin, actor=actor_of(request.user), detail=detail
        )
