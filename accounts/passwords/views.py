from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.marks import sensitive, unmarked
from accounts.passwords import demand, services, wording
from accounts.passwords.advice import advise
from accounts.passwords.forms import PasswordForm
from accounts.sessions.rules import is_verified

CHANGE = "password.change"


@sensitive_post_parameters("password")
@sensitive(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """A new password, behind a proof that opens some minutes for it: none is ever kept."""
    if request.method == "POST" and "password" not in request.POST:
        return redirect("password")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        reasons = services.replace(
            user=request.user,
            password=form.cleaned_data["password"],
            origin=request.origin,
            spare=request.session_row.key,
        )
    except services.ChangedMeanwhile:
        messages.error(request, wording.changed_meanwhile())
        return redirect("password")
    if reasons:
        form.add_error("password", wording.of_reasons(reasons))
        return _page(request, form)
    messages.success(
        request, _("Your new password is in use. Every other session of yours was ended.")
    )
    return redirect("home" if request.user.is_staff else "settings_login")


def _page(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    context = {
        "form": form,
        "is_open": _is_open(request),
        "advice": wording.advice(),
        "hold_hours": settings.HOLD_HOURS,
    }
    return render(request, "passwords/change.html", context)


def _is_open(request: HttpRequest) -> bool:
    row = request.session_row
    return is_verified(
        timezone.now(), action=CHANGE, of=row.verified_action, until=row.verified_until
    )


@sensitive_post_parameters("password")
@unmarked("it changes nothing, and answers only while a proof for the change holds")
@require_POST
def advice(request: HttpRequest) -> JsonResponse:
    """What the page would say of a password, while it is typed."""
    if not _is_open(request):
        raise PermissionDenied
    limits.demand("password_advice_per_user", str(request.user.pk))
    return JsonResponse(advise(user=request.user, form=PasswordForm(request.POST)))


@unmarked("it puts off a reminder")
@require_POST
def later(request: HttpRequest) -> HttpResponse:
    """Says nothing about the age of the password for a while."""
    demand.put_off(user=request.user)
    return redirect("home")
