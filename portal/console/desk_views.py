"""The telephony desk: what was sent, what became of it, what is stopped, and overruling that."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.marks import unmarked
from accounts.outbox.figures import services as figures
from accounts.outbox.models import Channel
from accounts.outbox.outage import services as outage
from accounts.outbox.spending import services as spending
from accounts.outbox.spending.models import Breaker
from portal.console import charts, desk
from portal.console.desk_forms import CarrierForm, EndForm, OverruleForm, SearchForm
from portal.console.doors import actor_of, may_any, needs
from portal.console.rules import Power

READS = "it only reads; a number has no place in an address"
RECORDED = "the daily work of staff: recorded with reason and ticket, and gives nobody a right"
PAST = 50  # breakers that are over
CARRIERS_SHOWN = 12


@never_cache
@unmarked(READS)
@needs(Power.SEE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def messages_and_calls(request: HttpRequest) -> HttpResponse:
    """What was sent, newest first. What is looked for comes by POST: numbers stay out of logs."""
    form = SearchForm(request.POST if request.method == "POST" else {})
    page = None
    if form.is_valid():
        page = desk.page(form.wanted(), before=form.cleaned_data["before"])
    context = {"form": form, "page": page, "is_first": not form["before"].value()}
    return render(request, "console/desk/messages.html", context | _state())


@never_cache
@needs(Power.SEE_DESK)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is stopped or away, and how well messages arrive and codes are used."""
    days = 7 if request.GET.get("days") == "7" else 1
    since = timezone.now() - timedelta(days=days)
    context = {
        "days": days,
        "countries": charts.rows(figures.by_country(since=since), charts.country),
        "lines": charts.rows(figures.by_line(since=since), charts.line),
        "carriers": charts.rows(figures.by_carrier(since=since)[:CARRIERS_SHOWN], charts.carrier),
        "channels": charts.rows(figures.by_channel(since=since), charts.channel),
        "hours": charts.hours(figures.by_hour(since=since), days=days),
    }
    return render(request, "console/desk/overview.html", context | _state())


@never_cache
@needs(Power.SEE_DESK)
@require_safe
def breakers(request: HttpRequest) -> HttpResponse:
    """Ranges that are stopped, and those that were lately."""
    rows = Breaker.objects.select_related("closed_by").order_by("-pk")
    past = rows.filter(closed_at__isnull=False)[:PAST]
    return render(request, "console/desk/breakers.html", {"past": past} | _state())


@never_cache
@needs(Power.SEE_DESK)
@require_safe
def breaker(request: HttpRequest, breaker_id: int) -> HttpResponse:
    """One range."""
    return _breaker_page(request, _find(breaker_id), None)


@never_cache
@unmarked(RECORDED)
@needs(Power.OVERRULE)
@require_POST
def breaker_overrule(request: HttpRequest, breaker_id: int) -> HttpResponse:
    """Lets the range through for some hours."""
    row, form = _find(breaker_id), OverruleForm(request.POST)
    if not form.is_valid():
        return _breaker_page(request, row, form)
    done = spending.let_through(
        breaker=row,
        staff=request.user,
        actor=actor_of(request.user),
        origin=request.origin,
        **form.cleaned_data,
    )
    if done:
        messages.success(request, _("Codes to %(range)s are let through.") % {"range": row.range})
    return redirect("console:desk_breaker", row.pk)


@never_cache
@unmarked(RECORDED)
@needs(Power.OVERRULE)
@require_POST
def breaker_judge(request: HttpRequest, breaker_id: int) -> HttpResponse:
    """Ends the exception."""
    row, form = _find(breaker_id), EndForm(request.POST)
    if not form.is_valid():
        return _breaker_page(request, row, form)
    spending.judge_again(
        breaker=row, actor=actor_of(request.user), origin=request.origin, **form.cleaned_data
    )
    messages.success(request, _("%(range)s is judged again.") % {"range": row.range})
    return redirect("console:desk_breaker", row.pk)


@never_cache
@unmarked(RECORDED)
@needs(Power.SEE_DESK)
@require_http_methods(["GET", "HEAD"])
def carriers(request: HttpRequest) -> HttpResponse:
    """Which channel comes first, and why."""
    away = next((one for one in outage.CHANNELS if _is_away(one)), None)
    # What somebody most likely came to say: that a channel works again, or that one fails.
    initial = {"channel": away, "standing": "works"} if away else {"standing": "away"}
    return _carriers_page(request, CarrierForm(initial=initial))


@never_cache
@unmarked(RECORDED)
@needs(Power.OVERRULE)
@require_POST
def carrier_overrule(request: HttpRequest) -> HttpResponse:
    """Staff say that a channel is away, that it is not, or that it is to be judged again."""
    form = CarrierForm(request.POST)
    if not form.is_valid():
        return _carriers_page(request, form)
    told = form.cleaned_data
    outage.overrule(
        channel=Channel(told["channel"]),
        away=told["standing"] == "away",
        hours=0 if told["standing"] == "judge" else told["hours"],
        staff=request.user,
        actor=actor_of(request.user),
        origin=request.origin,
        reason=told["reason"],
        ticket=told["ticket"],
    )
    messages.success(request, _("Done, and recorded."))
    return redirect("console:desk_carriers")


def _find(breaker_id: int) -> Breaker:
    row = Breaker.objects.select_related("closed_by").filter(pk=breaker_id).first()
    if row is None:
        raise Http404
    return row


def _breaker_page(
    request: HttpRequest, row: Breaker, form: OverruleForm | EndForm | None
) -> HttpResponse:
    now = timezone.now()
    is_free = row.let_through_until is not None and row.let_through_until > now
    usual = EndForm() if is_free else OverruleForm()
    context = {
        "row": row,
        "country": charts.country(row.country),
        "form": form or usual,
        "is_free": is_free,
        "may": may_any(request.user, [Power.OVERRULE]),
    }
    return render(request, "console/desk/breaker.html", context)


def _is_away(channel: Channel) -> bool:
    row = outage.standing().get(channel)
    return row is not None and row.away


def _carriers_page(request: HttpRequest, form: CarrierForm) -> HttpResponse:
    now = timezone.now()
    standing, tallies = outage.standing(), outage.tally(now)
    rows = [
        {"label": channel.label, "tally": tallies[channel], "standing": standing.get(channel)}
        for channel in outage.CHANNELS
    ]
    may = may_any(request.user, [Power.OVERRULE])
    return render(
        request, "console/desk/carriers.html", {"rows": rows, "form": form, "may": may} | _state()
    )


def _state() -> dict[str, object]:
    """What every page of the desk says on top. Two queries."""
    away = [row for row in outage.standing().values() if row.away]
    labels = [str(Channel(row.channel).label) for row in away]
    return {"open": list(spending.opened().order_by("-pk")), "away": labels}
