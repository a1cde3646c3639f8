from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import i18n
from django.views.decorators.http import require_POST, require_safe

from accounts.contacts import check
from accounts.marks import unmarked
from accounts.users import services as users
from portal.home import motion, panels, privileges, timeline
from portal.home.overview import overview


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a sign-in lands: is everything all right, and what happened last."""
    if request.user.is_staff:
        return redirect("console:index")
    context = {
        "overview": overview(request.user, session=request.session_row),
        "session": request.session_row,
        "check_due": check.is_due(request.user, timezone.now()),
    }
    return render(request, "home/home.html", context)


@require_safe
def timeline_page(request: HttpRequest) -> HttpResponse:
    """The sign-ins of the last month, as a picture and as a list."""
    return render(request, "home/timeline.html", {"timeline": timeline.of_user(request.user)})


@require_safe
def privileges_page(request: HttpRequest) -> HttpResponse:
    """What the user may do, and where."""
    return render(request, "home/privileges.html", {"map": privileges.of_user(request.user)})


@require_safe
def holds_page(request: HttpRequest) -> HttpResponse:
    """What is on hold, until when and why, and what goes on (UX R44)."""
    moving = motion.of_user(request.user)
    return render(
        request, "home/holds.html", {"held": [one for one in moving if one.code in motion.HELD]}
    )


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    """User Settings: all panels."""
    user, known = request.user, panels.known(request.user)
    built = [build(user, known) for build in panels.ALL]
    return render(request, "settings/index.html", {"panels": built})


@require_safe
def settings_panel(request: HttpRequest, code: str) -> HttpResponse:
    """One panel of User Settings as a page."""
    panel = panels.BY_CODE[code](request.user, panels.known(request.user))
    return render(request, "settings/panel.html", {"panel": panel})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get help, from the one support record."""
    return render(request, "home/help.html")


@login_not_required
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """What keeps others out, and what to do with a message or a call that is not ours."""
    owner = request.user.is_authenticated and not request.user.is_staff
    return render(request, "home/safety.html", {"owner": owner})


@login_not_required
@unmarked("a language is no secret and harms nobody")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speaks another language from now on, here and in messages to a signed-in person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        users.set_language(user=request.user, language=language)
    return i18n.set_language(request)
