from datetime import time
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.marks import unmarked
from accounts.sessions import rules, weekly
from accounts.sessions.models import Session

USUAL = "usual"


class HourForm(forms.Form):
    hour = forms.ChoiceField(
        label=gettext_lazy("Hour of Sunday"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the hours.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        usual = _("As usual: %(time)s in New York") % {"time": _clock(settings.WEEK_ENDS_HOUR)}
        self.fields["hour"].choices = [(USUAL, usual)] + [
            (str(hour), _clock(hour)) for hour in range(24)
        ]


def _clock(hour: int) -> str:
    return date_format(time(hour), "H:i")


@unmarked("no session lasts longer than a week, whatever the hour, and open ones stay as they are")
@require_http_methods(["GET", "HEAD", "POST"])
def weekly_sign_in(request: HttpRequest) -> HttpResponse:
    """At which hour of Sunday trading platforms ask for a new sign-in."""
    user = request.user
    initial = USUAL if user.week_hour is None else str(user.week_hour)
    form = HourForm(request.POST or None, initial={"hour": initial})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["hour"]
        hour = None if chosen == USUAL else int(chosen)
        weekly.set_hour(user_id=user.pk, hour=hour, origin=request.origin)
        messages.success(request, _("The hour is set. It holds from your next sign-in on."))
        return redirect("weekly_sign_in")
    now = timezone.now()
    rows = Session.objects.filter(user=user, platform__in=rules.WEEKLY, ended_at=None)
    context = {
        "form": form,
        "chosen": request.POST.get("hour", initial),
        "zone": user.zone.rpartition("/")[2].replace("_", " "),
        "ends": weekly.week_ends(user, "tws", now).astimezone(ZoneInfo(user.zone)),
        "reminder_hours": settings.WEEK_REMINDER_HOURS,
        "sessions": rows.filter(expires_at__gt=now).order_by("expires_at")[:10],
    }
    return render(request, "sessions/weekly.html", context)
