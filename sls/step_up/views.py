from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limits, paths
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from accounts.outbox.models import Channel
from accounts.sessions import renewal
from sls.step_up import flow, pages, proofs, services, wording
from sls.step_up import password as passwords
from sls.step_up.forms import PasswordForm
from sls.step_up.models import Pending
from sls.step_up.proofs import Way
from sls.step_up.rules import Stage

PROOF = "it is the proof of identity itself"


@sensitive_post_parameters("password")
@unmarked(PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of the stage that the pending request is at; takes the password."""
    pending = _find(request, pk)
    stage = services.stage(pending)
    if stage is Stage.CONFIRM:
        return redirect("step_up_confirm", pk)
    if request.method != "POST" or stage is not Stage.PASSWORD:
        return _page(request, pending, stage)
    limits.demand("sign_ins_per_address", request.origin.network)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, pending, stage, form=form)
    problem = passwords.prove(
        pending, password=form.cleaned_data["password"], origin=request.origin
    )
    if problem is not None:
        form.add_error("password", problem.text)
        return _page(request, pending, stage, form=form, problem=problem)
    flow.begin(pending, origin=request.origin)
    return redirect("step_up", pk)


@sensitive_post_parameters("code")
@unmarked(PROOF)
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A code was typed, or a device has answered."""
    pending = _find(request, pk)
    stage = services.stage(pending)
    if stage is not Stage.CODE:
        return redirect("step_up", pk)
    typed = request.POST.get("code", "")
    problem = flow.answer(pending, text=typed, origin=request.origin)
    if problem is None:
        renewal.renew(request, request.session_row)
        return redirect("step_up_confirm", pk)
    return _code_page(request, pending, proofs.ways(pending), problem, typed[:64])


@unmarked(PROOF)
@require_POST
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The code again by ``delivery``, or a code by another ``way``."""
    pending = _find(request, pk)
    if services.stage(pending) is not Stage.CODE:
        return redirect("step_up", pk)
    problem = _again(request, pending)
    if problem is None:
        return redirect("step_up", pk)
    return _code_page(request, pending, proofs.ways(pending), problem)


def _again(request: HttpRequest, pending: Pending) -> Problem | None:
    way, delivery = request.POST.get("way", ""), request.POST.get("delivery", "")
    if way.isascii() and way.isdigit():
        return flow.choose(pending, number=int(way[:4]), origin=request.origin)
    if delivery not in (Channel.SMS, Channel.VOICE):
        raise BadRequest("no such way to send a code")
    return flow.resend(pending, channel=Channel(delivery), origin=request.origin)


@unmarked(PROOF)
@require_GET
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The action in words; its button posts the request again, which now has its grant."""
    pending = _find(request, pk)
    if services.stage(pending) is not Stage.CONFIRM:
        return redirect("step_up", pk)
    context = {**pages.common(pending, services.act(pending)), **pages.confirmation(pending)}
    return render(request, "step_up/confirm.html", context)


@unmarked("it only takes rights away")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """From now on everything is asked again: closes the window of this session."""
    if request.session_row is not None:
        services.end_window(request.session_row)
    return redirect(paths.ours(request.POST.get("next", "")) or "home")


def _find(request: HttpRequest, pk: UUID) -> Pending:
    # Another session's request is not here, whoever's session that is.
    row = request.session_row
    pending = services.find(pk, user_id=row.user_id, session=row.key) if row else None
    if pending is None:
        raise Http404
    return pending


def _page(
    request: HttpRequest,
    pending: Pending,
    stage: Stage,
    *,
    form: PasswordForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    if stage in (Stage.OVER, Stage.DROPPED, Stage.USED):
        return render(request, "step_up/over.html", {"stage": stage})
    context = pages.common(pending, services.act(pending))
    ways = proofs.ways(pending)
    # While a code is out its page stays: the delivery line says what became of it.
    if not ways and (stage is not Stage.CODE or pending.challenge is None):
        context["reason"] = wording.no_way(pending)
        return render(request, "step_up/refused.html", context)
    if stage is Stage.CODE:
        return _code_page(request, pending, ways)
    context |= {"form": form or PasswordForm(), "first": ways[0]}
    response = render(request, "step_up/password.html", context)
    return limits.slowed(response, problem and problem.retry_after)


def _code_page(
    request: HttpRequest,
    pending: Pending,
    ways: Sequence[Way],
    problem: Problem | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        **pages.common(pending, services.act(pending)),
        **pages.code(pending, ways),
        "problem": problem,
        "typed": typed,
    }
    response = render(request, "step_up/code.html", context)
    return limits.slowed(response, problem and problem.retry_after)
