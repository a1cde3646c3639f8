from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.automation import services, wording
from accounts.automation.forms import RuleForm
from accounts.automation.models import Watch
from accounts.automation.rules import Does, Kind
from accounts.marks import sensitive, unmarked


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules there are. One query."""
    rates = services.rates()
    cards = [
        {
            "row": row,
            "name": wording.of(row),
            "does": wording.DOES[Does(row.does)],
            "is_idle": row.kind == Kind.CALLS and row.most not in rates,
        }
        for row in services.of_user(request.user.pk)
    ]
    context = {"cards": cards, "stopped_at": request.user.automation_stopped_at}
    return render(request, "automation/rules.html", context)


@unmarked("a rule only tells, or takes rights away from programs")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Makes a rule, which holds at once."""
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "automation/new.html", {"form": form, "problem": ""})
    limits.demand("rows_per_user", str(request.user.pk))
    made = services.make(
        user_id=request.user.pk,
        kind=Kind(form.cleaned_data["kind"]),
        most=form.most,
        does=Does(form.cleaned_data["does"]),
        origin=request.origin,
    )
    if made is None:
        problem = _("You have %(most)s rules. Remove one before you make another.")
        shown = {"form": form, "problem": problem % {"most": settings.AUTOMATION_RULES_MOST}}
        return render(request, "automation/new.html", shown)
    messages.success(request, _("The rule holds from now on."))
    return redirect("automation_rules")


@sensitive("automation.rule_remove")
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a rule away."""
    if services.remove(watch=_find(request, pk), origin=request.origin):
        messages.success(request, _("The rule is removed."))
    return redirect("automation_rules")


@unmarked("it sends a test to its owner, and stops nothing")
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends the alert of a rule as a test."""
    watch = _find(request, pk)
    limits.demand("test_messages_per_user", str(request.user.pk))
    if services.try_out(watch=watch, origin=request.origin):
        said = _(
            "A test alert is on its way; nothing was stopped. The last 24 hours would have met "
            "this rule."
        )
    else:
        said = _(
            "A test alert is on its way; nothing was stopped. Nothing that was reported in the "
            "last 24 hours would have met this rule."
        )
    messages.success(request, said)
    return redirect("automation_rules")


def _find(request: HttpRequest, pk: int) -> Watch:
    row = services.of_user(request.user.pk).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
