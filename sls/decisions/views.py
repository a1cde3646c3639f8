from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.marks import sensitive
from sls.decisions import services, wording


@sensitive("withdrawal.request")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest, withdrawal: object) -> HttpResponse:
    """A withdrawal as it was asked for, and its proof: of exactly this amount to this place."""
    found = services.find(user_id=request.user.pk, pk=withdrawal)
    if found is None:
        raise Http404
    if request.method == "POST":
        device = getattr(request, "proven_by", "")
        if services.prove(
            user_id=request.user.pk, pk=found.pk, device=device, origin=request.origin
        ):
            messages.success(request, _("The withdrawal is confirmed. It goes on by itself."))
        else:
            messages.error(request, _("The withdrawal could not be confirmed. Ask for it again."))
        return redirect("withdrawal_limits")
    return render(request, "decisions/prove.html", wording.shown(found))
