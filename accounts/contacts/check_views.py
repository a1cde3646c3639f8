from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.contacts import check, reached
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.marks import unmarked


@unmarked("it changes no contact; who wants to, is led to where that is proven")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_check(request: HttpRequest) -> HttpResponse:
    """What is on file, whole, for the owner to say that it is right."""
    if request.method == "POST":
        check.confirm(user_id=request.user.pk, origin=request.origin)
        messages.success(request, _("Thank you. You will be asked again in half a year."))
        return redirect("home")
    context = {
        "emails": reached.listed(EMAIL, request.user.pk),
        "phones": reached.listed(PHONE, request.user.pk),
        "is_due": check.is_due(request.user, timezone.now()),
    }
    return render(request, "contacts/check.html", context)


@unmarked("it only puts a question off")
@require_POST
def later(request: HttpRequest) -> HttpResponse:
    """Not now."""
    check.put_off(user=request.user)
    return redirect("home")
