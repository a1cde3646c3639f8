from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.marks import unmarked
from accounts.users import services as users
from portal.home import panels
from portal.home.overview import overview

REFERENCE_MAX = 40


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a sign-in lands: is everything all right, and what happened last."""
    if request.user.is_staff:
        return redirect("console:index")
    context = {"overview": overview(request.user), "session": request.session_row}
    return render(request, "home/home.html", context)


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    """User Settings: all panels."""
    built = [build(request.user) for build in panels.ALL]
    return render(request, "settings/index.html", {"panels": built})


@require_safe
def settings_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One panel of User Settings as a page."""
    return render(request, "settings/panel.html", {"panel": panels.BY_CODE[code](request.user)})


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """The last things that happened; the full history comes later."""
    return render(request, "home/activity.html", {"overview": overview(request.user)})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get help, from the one support record."""
    return render(request, "home/help.html")


@login_not_required
@require_safe
def ibkey(request: HttpRequest) -> HttpResponse:
    """Says in one line that the IB Key app is not there yet."""
    return render(request, "home/ibkey.html")


@login_not_required
@require_safe
def not_me(request: HttpRequest) -> HttpResponse:
    """What to do about a message, a sign-in or a change that was not one's own."""
    return render(request, "home/not_me.html")


@login_not_required
@unmarked("it changes nothing")
@require_http_methods(["GET", "HEAD", "POST"])
def verify_caller(request: HttpRequest) -> HttpResponse:
    """Is this really you calling me? Every reference gets the same answer.

    A page that confirmed true references would let a swindler read one out and be believed.
    """
    asked = request.method == "POST"
    reference = request.POST.get("reference", "").strip()[:REFERENCE_MAX]
    return render(request, "home/verify_caller.html", {"asked": asked, "reference": reference})


@login_not_required
@unmarked("a language is no secret and harms nobody")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speaks another language from now on, here and in messages to a signed-in person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        users.set_language(user=request.user, language=language)
    return i18n.set_language(request)
