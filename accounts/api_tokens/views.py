from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.api_tokens import pages, services, wording
from accounts.api_tokens.forms import TokenForm
from accounts.api_tokens.models import ApiToken
from accounts.api_tokens.services import Issued
from accounts.ip_restrictions import networks
from accounts.marks import sensitive, unmarked

TAKES = "it only takes rights away from programs"


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens, and the switch that stops them all."""
    return render(request, "api_tokens/list.html", pages.listing(request.user))


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    """The form with what was typed, when no proof would help."""
    form = _bound(request)
    return _form(request, form, problem="" if form.errors else why)


@sensitive("api_token.create", refused=_refused)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Issues a token, which is shown in this one answer."""
    form = _bound(request)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    limits.demand("rows_per_user", str(request.user.pk))
    issued = services.create(
        user_id=request.user.pk,
        name=form.cleaned_data["name"],
        scopes=form.scopes,
        life=form.life,
        networks=form.cleaned_data["addresses"],
        origin=request.origin,
        account=form.account,
    )
    if issued is None:
        return _form(request, form, problem=wording.too_many(settings.API_TOKENS_MOST))
    return _shown(request, issued)


def _bound(request: HttpRequest) -> TokenForm:
    data = request.POST if request.method == "POST" else None
    private = networks.is_private(request.origin.address)
    return TokenForm(data, private=private, accounts=services.apart(request.user.pk))


def _form(request: HttpRequest, form: TokenForm, problem: str = "") -> HttpResponse:
    context = {"form": form, "problem": problem, "address": request.origin.address}
    return render(request, "api_tokens/new.html", context)


def _shown(request: HttpRequest, issued: Issued) -> HttpResponse:
    context = {"card": pages.card(issued.row), "text": issued.text}
    return render(request, "api_tokens/issued.html", context)


@require_safe
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """One token and its calls."""
    row = _find(request, pk)
    context = {"card": pages.card(row)} | pages.log(row, request.GET.get("before", ""))
    return render(request, "api_tokens/token.html", context)


@sensitive("api_token.create")
@never_cache
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret for a token that may do the same for as long again."""
    row = _find(request, pk)
    limits.demand("rows_per_user", str(request.user.pk))
    issued = services.renew(row=row, origin=request.origin)
    if issued is None:
        messages.info(request, _("This token is over. Issue a new one."))
        return redirect("api_token", pk)
    return _shown(request, issued)


@unmarked(TAKES)
@require_POST
def narrow(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes away what was never used."""
    if services.narrow(row=_find(request, pk), origin=request.origin):
        messages.success(request, _("What this token never used was taken away."))
    return redirect("api_token", pk)


@unmarked(TAKES)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a token at once."""
    if services.revoke(row=_find(request, pk), why="owner", origin=request.origin):
        messages.success(request, _("The token is revoked. Its next call is refused."))
    return redirect("api_tokens")


@unmarked(TAKES)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """The kill switch."""
    if services.stop_automation(user_id=request.user.pk, origin=request.origin):
        messages.success(request, _("All automation is stopped. You stay signed in."))
    return redirect("api_tokens")


@sensitive("automation.resume")
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Programs may call again."""
    if services.resume_automation(user_id=request.user.pk, origin=request.origin):
        messages.success(request, _("Programs may call again."))
    return redirect("api_tokens")


@sensitive("automation.resume")
@require_POST
def handle(request: HttpRequest) -> HttpResponse:
    """When automation pauses by itself."""
    limits.demand("rows_per_user", str(request.user.pk))
    days = request.POST.get("days", "")
    if not (days.isascii() and days.isdigit() and len(days) < 4):
        raise BadRequest("no number of days")
    try:
        services.set_handle(user_id=request.user.pk, days=int(days) or None, origin=request.origin)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return redirect("api_tokens")


def _find(request: HttpRequest, pk: int) -> ApiToken:
    row = ApiToken.objects.filter(pk=pk, user=request.user.pk).first()
    if row is None:
        raise Http404
    return row
