from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import limits, qr
from accounts.marks import sensitive, unmarked
from sls.ib_key import notifications as checking
from sls.methods import registry
from sls.methods.ib_key import activations, services, shown
from sls.methods.ib_key.models import Push


@login_not_required
@never_cache
@require_GET
def push_state(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """What became of a push, for the page that waits: whoever knows its random name may ask, and
    learns nothing that the page does not say."""
    push = Push.objects.select_related("challenge", "device").filter(pk=push_id).first()
    if push is None:
        raise Http404
    return JsonResponse({"state": push.state, "said": shown.said(push)})


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """The phone: who is on it, whether notifications reach it, and what to look at if not. Asked
    for JSON, how far the last test has come."""
    phone = services.phone_of(request.user.pk)
    if phone is None:
        return redirect("ib_key")
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(checking.tested(phone) or {})
    return render(request, "ib_key/notifications.html", checking.page(phone))


@unmarked("it notifies the owner's own phone")
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Sends a notification, to see whether it arrives."""
    phone = services.phone_of(request.user.pk)
    if phone is not None:
        limits.demand("tests_per_phone", str(phone.pk))
        if not services.test_notification(phone):
            messages.error(request, _("Turn notifications on in IB Key on the phone first."))
    return redirect("ib_key_notifications")


@unmarked("the response of the phone works either way, and neither opens anything by itself")
@require_POST
def requests(request: HttpRequest) -> HttpResponse:
    """Whether sign-ins are put to the phone: ``on`` is "1" or "0"."""
    on = request.POST.get("on", "")
    if on not in ("0", "1"):
        raise BadRequest("on or off?")
    phone = services.phone_of(request.user.pk)
    if phone and services.ask_by_push(phone, on=on == "1", origin=request.origin):
        said = (
            _("Requests are sent to your phone again.")
            if on == "1"
            else _("No requests are sent to your phone any more. IB Key still answers challenges.")
        )
        messages.success(request, said)
    return redirect("ib_key_notifications")


@sensitive("ib_key.invite")
@never_cache
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """GET says how a phone is activated; POST shows a session ID, once, for five minutes."""
    context = {
        "phone": services.phone_of(request.user.pk),
        "proof": _proof(request),
        "ibkey_url": f"{settings.PUBLIC_BASE_URL}/ibkey/",
    }
    if request.method == "POST":
        session_id = activations.session_for(user_id=request.user.pk, origin=request.origin)
        context |= {
            "session_id": session_id,
            "qr": qr.drawn(f"{settings.PUBLIC_BASE_URL}/ibkey/#activate={session_id}"),
            "expires_at": timezone.now() + timedelta(seconds=settings.IB_KEY_SESSION_LIFE),
            "life": settings.IB_KEY_SESSION_LIFE,
        }
    return render(request, "ib_key/activate.html", context)


def _proof(request: HttpRequest) -> str:
    """What proves an activation on the phone itself: the method, or "" where nothing does."""
    user_id = request.user.pk
    held, lost = registry.standing(user_id)
    rows = activations.proving(held, user_id=user_id, lost=lost)
    return rows[0].method if rows else ""
