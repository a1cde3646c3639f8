from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.marks import sensitive
from sls.travel import pages, services, wording
from sls.travel.forms import NoticeForm
from sls.travel.models import Notice
from sls.travel.rules import Refusal


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is announced, and the last journeys."""
    return render(request, "travel/list.html", pages.listing(request.user, timezone.now()))


def _not_taken(request: HttpRequest, why: str) -> HttpResponse:
    form = NoticeForm(request.POST, user=request.user)
    form.is_valid()
    return render(request, "travel/new.html", {"form": form})


@sensitive("travel.announce", refused=_not_taken)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Announces a journey."""
    form = NoticeForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = services.announce(
            user=request.user,
            days=form.days,
            countries=form.cleaned_data["countries"],
            devices=form.cleaned_data["devices"],
            origin=request.origin,
        )
        if isinstance(made, Notice):
            messages.success(request, _("The journey is announced. Go through the checklist."))
            return redirect("travel_notice", made.pk)
        form.refuse(made)
    return render(request, "travel/new.html", {"form": form})


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, and what to check before the journey."""
    found = Notice.objects.filter(user=request.user, pk=pk).first()
    if found is None:
        raise Http404
    context = pages.one(found, user=request.user, now=timezone.now())
    return render(request, "travel/notice.html", context)


@sensitive("travel.end")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a notice before its last day."""
    if services.end(user=request.user, pk=pk, origin=request.origin):
        messages.error(request, wording.REFUSALS[Refusal.GONE])
    else:
        messages.success(request, _("The travel notice is ended."))
    return redirect("travel")
