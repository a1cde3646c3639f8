from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import paths
from accounts.marks import opens_in, unmarked
from accounts.sessions import endings, listing, pages, rules, services
from accounts.sessions.models import Session

LESS = "it only takes rights away"


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the user is signed in."""
    found = listing.sessions(
        user_id=request.user.pk,
        current=request.session_row.key,
        after=request.GET.get("after", ""),
    )
    return render(request, "sessions/sessions.html", {"found": found})


@unmarked(LESS)
@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """One session, wherever it is."""
    if not endings.end_one(user_id=request.user.pk, reference=reference, origin=request.origin):
        raise Http404
    messages.success(request, _("That session is ended. Nothing opens there any more."))
    return redirect("sessions")


@unmarked(LESS)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """All but this one."""
    count = endings.end_others(user_id=request.user.pk, origin=request.origin)
    said = ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("sessions")


@require_safe
def known_devices(request: HttpRequest) -> HttpResponse:
    """The browsers that are known from earlier sign-ins."""
    found = listing.known(
        user_id=request.user.pk,
        current=request.origin.device,
        after=request.GET.get("after", ""),
    )
    return render(request, "sessions/known_devices.html", {"found": found})


@unmarked(LESS)
@require_POST
def known_device_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """From its next sign-in on that browser is a new one."""
    if not endings.forget(user_id=request.user.pk, pk=pk, origin=request.origin):
        raise Http404
    messages.success(request, _("That browser is forgotten."))
    return redirect("known_devices")


@opens_in(rules.ONLINE_CARD)
@opens_in(rules.INCIDENT)
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """How long the session has left, for the script of every page, whose asking is no use of it."""
    return _left(request.session_row)


@opens_in(rules.ONLINE_CARD)
@opens_in(rules.INCIDENT)
@unmarked("the person who is there says so; no right grows, and the longest time stays")
@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """ "Stay signed in"."""
    services.touch(request.session_row)
    return _left(request.session_row)


def _left(row: Session) -> HttpResponse:
    now = timezone.now()
    spans = {"seen_at": row.seen_at, "idle_seconds": row.idle_seconds}
    seconds = rules.left(now, expires_at=row.expires_at, **spans)
    return JsonResponse({"left": seconds, "most": rules.most(now, expires_at=row.expires_at)})


@unmarked("a notice is put away for this session")
@require_POST
def browser_notice(request: HttpRequest) -> HttpResponse:
    """The notice of an old browser is not shown again in this session."""
    request.session[pages.NOTICE_READ] = True
    return redirect(paths.page_of(request) or "home")
