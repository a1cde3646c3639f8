from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import browser, limits
from accounts.freeze.models import Freeze
from accounts.marks import opens_in, unmarked
from accounts.passwords import wording as password_wording
from accounts.passwords.advice import advise
from accounts.passwords.forms import PasswordForm
from accounts.passwords.services import ChangedMeanwhile
from accounts.sessions.rules import INCIDENT
from accounts.users.locale import speak
from sls.incident import entering, pages, rules, services, sorting, wording
from sls.incident.forms import EntryForm, QuestionsForm, field_of
from sls.incident.rules import Stage
from sls.incident.serving import show, step
from sls.login import pace

POSTS = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@unmarked("it is the proof of identity itself")
@POSTS
def start(request: HttpRequest) -> HttpResponse:
    """Name and password of somebody for whom everything is stopped."""
    if request.method != "POST":
        if request.limited_row is not None and request.limited_row.limited_to == INCIDENT:
            return redirect("incident")
        return render(request, "incident/start.html", {"form": EntryForm()})
    limits.demand("sign_ins_per_address", request.origin.network)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return render(request, "incident/start.html", {"form": form})
    secret = browser.new_secret()
    begun = entering.begin(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        origin=request.origin,
        browser=secret,
    )
    response = _begun(request, form, begun, secret)
    pace.even(hash_seconds=begun.proof.hash_seconds, since=begun.proof.since)
    return response


def _begun(
    request: HttpRequest, form: EntryForm, begun: entering.Begun, secret: str
) -> HttpResponse:
    if begun.call is not None:
        speak(request, begun.call.user)
        return render(request, "incident/call.html", {"freeze": begun.call})
    if begun.problem is None:
        response = redirect("login_attempt", begun.token)
        browser.bind(response, begun.token, secret)
        return response
    form.add_error(None, begun.problem.text)
    response = render(request, "incident/start.html", {"form": form})
    return limits.slowed(response, begun.problem.retry_after)


@step(Stage.PASSWORD)
@require_safe
def way(request: HttpRequest, running: Freeze) -> HttpResponse:
    """Where to go on."""
    return redirect(f"incident_{rules.stage(services.done(running))}")


@sensitive_post_parameters("password")
@step(Stage.PASSWORD)
@POSTS
def password(request: HttpRequest, running: Freeze) -> HttpResponse:
    """A new password; once in each freeze."""
    if Stage.PASSWORD in services.done(running):
        return redirect("incident") if request.method == "POST" else _password(request, running)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _password(request, running, form)
    try:
        reasons = services.choose_password(
            user=request.user,
            password=form.cleaned_data["password"],
            row=request.session_row,
            origin=request.origin,
        )
    except ChangedMeanwhile:
        form.add_error("password", password_wording.changed_meanwhile())
        return _password(request, running, form)
    if reasons:
        form.add_error("password", password_wording.of_reasons(reasons))
        return _password(request, running, form)
    return redirect("incident")


def _password(
    request: HttpRequest, running: Freeze, form: PasswordForm | None = None
) -> HttpResponse:
    advice, name = password_wording.advice(), request.user.username
    return show(request, running, Stage.PASSWORD, form=form, advice=advice, username=name)


@sensitive_post_parameters("password")
@require_POST
@step(Stage.PASSWORD)
def advice(request: HttpRequest, running: Freeze) -> JsonResponse:
    """What the page would say of a new password, while it is typed."""
    if Stage.PASSWORD in services.done(running):
        raise Http404
    limits.demand("password_advice_per_user", str(request.user.pk))
    return JsonResponse(advise(user=request.user, form=PasswordForm(request.POST)))


def _answers(request: HttpRequest) -> dict[str, bool]:
    return {
        name: value == "mine" for name, value in request.POST.items() if value in ("mine", "not")
    }


@step(Stage.FACTORS)
@POSTS
def factors(request: HttpRequest, running: Freeze) -> HttpResponse:
    """Is this yours? Each authenticator; what is not is removed."""
    row, answers = request.session_row, _answers(request)
    context = pages.factors(row, answers)
    if request.method != "POST":
        return show(request, running, Stage.FACTORS, **context)
    if any(one["asked"] and one["answer"] is None for one in context["cards"]):
        return show(request, running, Stage.FACTORS, error=wording.unanswered(), **context)
    stuck = sorting.sort_factors(row=row, answers=answers, origin=request.origin)
    if stuck:
        context = pages.factors(row, answers)
        return show(request, running, Stage.FACTORS, error=" ".join(stuck), **context)
    return redirect("incident_contacts")


@step(Stage.CONTACTS)
@POSTS
def contacts(request: HttpRequest, running: Freeze) -> HttpResponse:
    """Is this yours? Each address and number, and what left the lists lately."""
    row, answers = request.session_row, _answers(request)
    context = pages.contacts(row.user_id, answers)
    if request.method != "POST":
        return show(request, running, Stage.CONTACTS, **context)
    if any(one["answer"] is None for one in [*context["contacts"], *context["changes"]]):
        return show(request, running, Stage.CONTACTS, error=wording.unanswered(), **context)
    for sentence in sorting.sort_contacts(row=row, answers=answers, origin=request.origin):
        messages.error(request, sentence)
    return redirect("incident_questions")


@step(Stage.QUESTIONS)
@POSTS
def questions(request: HttpRequest, running: Freeze) -> HttpResponse:
    """How it may have happened, for the review."""
    if request.method == "POST":
        form = QuestionsForm(request.POST)
        if form.is_valid():
            text = form.cleaned_data["text"]
            services.answer(user_id=request.user.pk, causes=form.causes, text=text)
            return redirect("incident_gaps")
    else:
        before = services.review(running)
        causes = before.causes if before else []
        ticked = {field_of(cause): True for cause in causes}
        form = QuestionsForm(initial=ticked | {"text": before.text if before else ""})
    return show(request, running, Stage.QUESTIONS, form=form)


@step(Stage.GAPS)
@POSTS
def gaps(request: HttpRequest, running: Freeze) -> HttpResponse:
    """What is left open, and what closes it."""
    if request.method == "POST":
        services.finish(user_id=request.user.pk, stage=Stage.GAPS)
        return redirect("incident_thaw")
    return show(request, running, Stage.GAPS, gaps=pages.gaps(request.user, running))


@step(Stage.THAW)
@POSTS
def thaw(request: HttpRequest, running: Freeze) -> HttpResponse:
    """Asks for the thaw (``act`` is "ask"), or takes that back ("stop")."""
    act, problem = request.POST.get("act", ""), None
    if act == "ask":
        problem = services.ask(row=request.session_row, origin=request.origin)
    elif act == "stop":
        services.stop(user_id=request.user.pk, origin=request.origin)
        messages.success(request, _("That was taken back. Everything stays stopped."))
    if request.method == "POST" and problem is None:
        return redirect("incident_thaw")
    context = pages.thaw(request.user, running)
    return show(request, running, Stage.THAW, error=problem.text if problem else "", **context)


@opens_in(INCIDENT)
@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Everything that was stopped and done: on the way, and afterwards for its owner."""
    made = services.receipt_of(request.user.pk)
    if made is None:
        return render(request, "freeze/no_receipt.html", {"is_over": False}, status=404)
    context = pages.receipt(made, request.user)
    is_whole = not request.session_row.limited_to
    return render(request, "incident/receipt.html", {**context, "is_whole": is_whole})
