from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts import phrase as phrases
from accounts.alerts import phrases as verbs
from accounts.alerts import wording
from accounts.alerts.forms import PhraseForm
from accounts.marks import sensitive
from accounts.sessions.rules import is_verified

CHANGE = "phrase.change"


@sensitive_post_parameters("passphrase")
@sensitive(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: HttpRequest) -> HttpResponse:
    """The phrase that our messages carry. Whole only behind a proof: who sits down at an open
    session must not learn what makes a message ours."""
    if request.method != "POST":
        return _page(request, PhraseForm())
    if "remove" in request.POST:
        return _keep(request, "", _("Our messages carry no phrase any more."))
    if "passphrase" not in request.POST:
        return redirect("phrase")
    form = PhraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    limits.demand("password_advice_per_user", str(request.user.pk))
    typed = form.cleaned_data["passphrase"]
    return _keep(request, typed, _("Every message from us carries your phrase now."), form)


def _keep(
    request: HttpRequest, typed: str, done: str, form: PhraseForm | None = None
) -> HttpResponse:
    flaw = verbs.keep(user_id=request.user.pk, typed=typed, origin=request.origin)
    if flaw is not None and form is not None:
        form.add_error("passphrase", wording.of_flaw(flaw))
        return _page(request, form)
    messages.success(request, done)
    return redirect("alerts_settings")


def _page(request: HttpRequest, form: PhraseForm) -> HttpResponse:
    row = request.session_row
    is_open = is_verified(
        timezone.now(), action=CHANGE, of=row.verified_action, until=row.verified_until
    )
    own = phrases.of(request.user)
    context = {
        "form": form,
        "is_open": is_open,
        "phrase": own if is_open else phrases.masked(own),
    }
    return render(request, "alerts/phrase.html", context)
