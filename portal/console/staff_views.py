"""Who works here, and what they may do."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.approvals import services as approvals
from accounts.marks import unmarked
from accounts.users import two
from accounts.users.models import User
from portal.console import acting, refusals
from portal.console.acts.table import ACTS
from portal.console.doors import needs, origin_of, roles_of
from portal.console.rules import Power, Role
from portal.console.wording import ROLES

PAGE = 50


@never_cache
@needs(Power.ROLES)
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody of staff by user name, a page at a time."""
    rows = User.objects.filter(is_staff=True).prefetch_related("groups").order_by("username")
    if after := request.GET.get("after", ""):
        rows = rows.filter(username__gt=after[:64])
    found = list(rows[: PAGE + 1])
    people = [
        {
            "user": one,
            "roles": [str(ROLES[Role(g.name)]) for g in one.groups.all() if g.name in ROLES],
        }
        for one in found[:PAGE]
    ]
    more = found[PAGE - 1].username if len(found) > PAGE else ""
    return render(request, "console/staff.html", {"people": people, "more": more})


@never_cache
@needs(Power.ROLES)
@unmarked("asks for a second person; nothing changes before")
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, username: str) -> HttpResponse:
    """Asks a second person to change somebody's roles; one's own are for others to change."""
    person = User.objects.filter(username=username, is_staff=True).first()
    if person is None:
        raise Http404
    if two.are_one(person, request.user):
        refusals.note(request, refusals.Why.OWN)
        raise Http404
    act = ACTS["roles"]
    initial = dict.fromkeys(roles_of(person), True)
    data = request.POST if request.method == "POST" else None
    form = act.form(data, client=person, initial=initial)
    error = ""
    if form.is_valid():
        try:
            made = acting.ask(
                act, user=person, form=form, staff=request.user, origin=origin_of(request)
            )
        except approvals.AlreadyAsked:
            error = _("This waits for a second person already. Decide about that request first.")
        else:
            messages.success(request, _("A second person is asked now."))
            return redirect("console:approval", made.pk)
    context = {
        "act": act,
        "client": person,
        "form": form,
        "error": error,
        "minutes": settings.APPROVAL_MINUTES,
    }
    return render(request, "console/act.html", context)
