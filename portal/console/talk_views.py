"""Talking to a client: a reference that proves us, and proofs that the caller is the client."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.callers import listing
from accounts.callers import services as callers
from accounts.callers.models import Talk, Topic
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from accounts.outbox.models import Channel
from portal.console import refusals, talk_pages, trail
from portal.console.call_forms import AnswerForm, TalkForm
from portal.console.clients import client_of
from portal.console.departments import department_of
from portal.console.doors import needs, origin_of
from portal.console.rules import Power
from sls.callers import services
from sls.methods.ib_key.method import APPROVED

WORK = "the daily work of staff: it changes no right of anybody, and is recorded"


@needs(Power.CALL_CLIENT)
@never_cache
@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """The reader's own conversations of late."""
    rows = listing.of_staff(request.user)[: listing.PAGE]
    return render(request, "console/talks.html", {"talks": rows})


@needs(Power.CALL_CLIENT)
@never_cache
@unmarked(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def talk_open(request: HttpRequest, username: str) -> HttpResponse:
    """A reference for talking to a client, from now on for half an hour."""
    client = client_of(username)
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/talk_open.html", {"client": client, "form": form})
    try:
        talk = callers.open_talk(
            user_id=client.pk,
            staff=request.user,
            department=department_of(request.user),
            topic=Topic(form.cleaned_data["topic"]),
            origin=origin_of(request),
        )
    except callers.NotAClient:
        refusals.note(request, refusals.Why.OWN)
        raise Http404 from None
    if form.cleaned_data["call"]:
        _read_out(request, talk)
    return redirect("console:talk", talk.reference)


@needs(Power.CALL_CLIENT)
@never_cache
@require_safe
def talk(request: HttpRequest, reference: str) -> HttpResponse:
    """One conversation of the reader's: the reference, and how the caller stands."""
    found = _find(request, reference)
    trail.seen(request.user, found.user, request.origin, part="talk")
    return _page(request, found)


@needs(Power.CALL_CLIENT)
@unmarked(WORK)
@require_POST
def talk_call(request: HttpRequest, reference: str) -> HttpResponse:
    """Has the reference read out by an automatic call."""
    found = _find(request, reference)
    _read_out(request, found)
    return redirect("console:talk", found.reference)


@needs(Power.CALL_CLIENT)
@never_cache
@unmarked(WORK)
@require_POST
def talk_ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Asks the caller for a proof, by one of the client's ways."""
    found = _find(request, reference)
    delivery = request.POST.get("delivery", "")
    problem = services.ask(
        talk=found,
        way=request.POST.get("way", "")[:64],
        delivery=Channel(delivery) if delivery in (Channel.SMS, Channel.VOICE) else None,
        origin=origin_of(request),
    )
    if problem is None:
        return redirect("console:talk", found.reference)
    return _page(request, found, problem=problem)


@needs(Power.CALL_CLIENT)
@never_cache
@sensitive_post_parameters("code")
@unmarked(WORK)
@require_POST
def talk_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes what the caller reads out, or that they approved."""
    found = _find(request, reference)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    text = form.cleaned_data["code"]
    problem = services.answer(talk=found, text=text, origin=origin_of(request))
    if problem is None:
        messages.success(request, _("The caller has proven that they are the client."))
        return redirect("console:talk", found.reference)
    if text != APPROVED:
        form.add_error("code", problem.text)
    found = _find(request, reference)
    return _page(request, found, form=form, problem=problem)


@needs(Power.CALL_CLIENT)
@unmarked(WORK)
@require_POST
def talk_end(request: HttpRequest, reference: str) -> HttpResponse:
    """The conversation is over."""
    found = _find(request, reference)
    callers.end(talk=found, origin=origin_of(request))
    messages.success(request, _("The conversation is over. Its reference is good for nothing."))
    return redirect("console:talks")


def _find(request: HttpRequest, reference: str) -> Talk:
    """A conversation of the reader's own: nobody goes on with that of a colleague."""
    found = listing.of_staff(request.user, reference=reference).first()
    if found is None:
        raise Http404
    return found


def _read_out(request: HttpRequest, found: Talk) -> None:
    number = callers.read_out(talk=found, origin=origin_of(request))
    if number is None:
        messages.error(request, _("There is no verified number that can be called now."))
    else:
        said = _("We call %(number)s and read the reference out.") % {"number": number}
        messages.success(request, said)


def _page(
    request: HttpRequest,
    found: Talk,
    *,
    form: AnswerForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    context = talk_pages.talk(found) | {"form": form or AnswerForm(), "problem": problem}
    response = render(request, "console/talk.html", context)
    return limits.slowed(response, problem and problem.retry_after)
