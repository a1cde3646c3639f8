from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import limits
from accounts.audit import services as audit
from accounts.marks import unmarked
from portal.activity import checking, export, reading
from portal.activity.reading import Show


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, a page at a time."""
    show = _show(request.GET.get("show", Show.ALL.value))
    before = request.GET.get("before", "")
    context = {
        "show": show,
        "page": reading.page(request.user.pk, show=show, before=before),
        "filters": reading.names().items(),
        "is_first": not before,
    }
    return render(request, "activity/activity.html", context)


def _show(value: str) -> Show:
    return Show(value) if value in Show else Show.ALL


@unmarked("it gives the owner what the page shows, and changes nothing but the record itself")
@require_POST
def take_along(request: HttpRequest) -> StreamingHttpResponse:
    """The record as a file. Noted in it."""
    form, show = request.POST.get("format", ""), _show(request.POST.get("show", ""))
    if form not in ("csv", "json"):
        raise BadRequest("no such format")
    limits.demand("exports_per_user", str(request.user.pk))
    user_id, now = request.user.pk, timezone.now()
    export.record(user_id=user_id, show=show, form=form, origin=request.origin)
    if form == "csv":
        lines, kind = export.as_csv(user_id, show), "text/csv; charset=utf-8"
    else:
        head = audit.head_of(checking.owner(user_id))
        lines, kind = export.as_json(user_id, head=head, at=now), "application/json"
    name = f"record-{now:%Y-%m-%d}.{form}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=kind, headers=disposition)


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Whether nobody has changed the record: said by us, and computed in the browser."""
    return render(request, "activity/record.html", {"check": checking.check(request.user.pk)})


@require_safe
def record_entries(request: HttpRequest) -> JsonResponse:
    """Entries for the browser to compute with, after the number ``after``."""
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        raise BadRequest("no number")
    return JsonResponse(checking.entries(request.user.pk, after=int(after)))
