from datetime import datetime

from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import DEVICE_ID_SESSION_KEY

from accounts import browser, limits, paths
from accounts.challenges.wording import Problem
from accounts.freeze.pages import way_back
from accounts.marks import unmarked
from accounts.outbox.models import Channel
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.locale import speak
from sls.login import again, door, flow, pace, wording
from sls.login.forms import LoginForm
from sls.login.models import Attempt, Door
from sls.login.rules import Why
from sls.login.steps import Done, Refused, Step, Unlocked

SIGNING_IN = "it is the proof of identity itself"


@login_not_required
@sensitive_post_parameters("password")
@unmarked(SIGNING_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The sign-in page, and name and password posted from it."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(paths.next_of(request) or settings.LOGIN_REDIRECT_URL)
        return page(request, LoginForm())
    limits.demand("sign_ins_per_address", request.origin.network)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return page(request, form)
    secret = browser.new_secret()
    wish = flow.Wish(form.cleaned_data["public_computer"], paths.next_of(request), secret)
    begun = flow.begin(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        origin=request.origin,
        wish=wish,
    )
    response = _begun(request, form, begun, secret)
    pace.even(hash_seconds=begun.proof.hash_seconds, since=begun.proof.since)
    return response


def _begun(request: HttpRequest, form: LoginForm, begun: flow.Begun, secret: str) -> HttpResponse:
    if begun.problem is None:
        response = redirect("login_attempt", begun.token)
        browser.bind(response, begun.token, secret)
        return response
    if begun.proof.barred and begun.proof.barred.locked:
        return page(request, form, locked_until=begun.proof.barred.until)
    form.add_error(None, begun.problem.text)
    shown = page(request, form, frozen=begun.problem.code == Why.FROZEN)
    return limits.slowed(shown, begun.problem.retry_after)


def page(
    request: HttpRequest,
    form: LoginForm,
    *,
    error: str = "",
    locked_until: datetime | None = None,
    frozen: bool = False,
) -> HttpResponse:
    """The sign-in page; ``error`` is about no field of it. A name that is locked gets the whole
    statement of it, whether there is such a name or not. ``frozen`` says that somebody has proven
    to be a user for whom everything is stopped: then the way back stands first."""
    ended = request.GET.get("ended", "") or request.session_ended
    notice = wording.why_here(ended) if request.method != "POST" else ""
    context = {
        "form": form,
        "next": paths.next_of(request),
        "notice": notice,
        "notice_tone": "good" if ended == Why.UNLOCKED else "notice",
        "error": error,
        "locked_until": locked_until,
        "is_frozen": frozen or (bool(notice) and ended == Why.FROZEN),
        "way_back": way_back(),
        "passkey_life": settings.SECURITY_CODE_LIFE,
    }
    return render(request, "login/start.html", context)


def find(request: HttpRequest, token: str) -> Attempt:
    """The attempt that this browser began, and no other one; the page speaks its language."""
    attempt = flow.find(token)
    if attempt is None or not browser.holds(request, attempt):
        raise Http404
    speak(request, attempt.user)
    return attempt


def _render(request: HttpRequest, token: str, step: Step, typed: str = "") -> HttpResponse:
    if isinstance(step, Refused | Unlocked):
        why = step.reason if isinstance(step, Refused) else Why.UNLOCKED
        return redirect(f"{reverse('login')}?ended={why}")
    context = {"attempt": token, "step": step, "typed": typed}
    response = render(request, "login/attempt.html", context)
    return limits.slowed(response, step.error and step.error.retry_after)


@login_not_required
@require_GET
def attempt(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the step that the attempt is at."""
    found = find(request, token)
    if found.door in (Door.OFFERED, Door.MAIL):
        return redirect("login_door", token)
    return _render(request, token, flow.show(found))


@login_not_required
@unmarked(SIGNING_IN)
@require_POST
def method(request: HttpRequest, token: str) -> HttpResponse:
    """An authenticator was chosen."""
    found = find(request, token)
    problem = flow.choose(found, device=request.POST.get("device", ""), origin=request.origin)
    if problem:
        return _render(request, token, flow.show(found, problem))
    return redirect("login_attempt", token)


@login_not_required
@unmarked(SIGNING_IN)
@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """ "Didn't receive a security code?": the same code again, by text message or by call; or a new
    challenge to a device that makes its answers itself."""
    found = find(request, token)
    problem = _again(request, found)
    if problem:
        return _render(request, token, flow.show(found, problem))
    return redirect("login_attempt", token)


def _again(request: HttpRequest, attempt: Attempt) -> Problem | None:
    wanted = request.POST.get("delivery", "")
    if wanted == again.NEW:
        return again.ask_anew(attempt, origin=request.origin)
    if wanted not in (Channel.SMS, Channel.VOICE):
        raise BadRequest("no such way to send a code")
    return again.resend(attempt, channel=Channel(wanted), origin=request.origin)


@login_not_required
@sensitive_post_parameters("code")
@unmarked(SIGNING_IN)
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """A code was typed."""
    found = find(request, token)
    typed = request.POST.get("code", "")
    if found.door:
        return _at_the_door(request, token, found, typed)
    step = flow.answer(found, text=typed, origin=request.origin)
    if isinstance(step, Done):
        return signed_in(request, step)
    return _render(request, token, step, typed[:64])


def _at_the_door(request: HttpRequest, token: str, found: Attempt, typed: str) -> HttpResponse:
    step = door.prove(found, text=typed, origin=request.origin)
    if step is None:
        return redirect("login_door", token)
    return _render(request, token, step, typed[:64])


def signed_in(request: HttpRequest, done: Done) -> HttpResponse:
    """The sign-in is done: the session is the browser's from now on."""
    try:
        _change_session(request, done)
    except Exception:
        # The browser never gets the key, so nobody may find the session open.
        sessions.end_unused(token=done.token, origin=request.origin)
        raise
    response = redirect(done.next_path or settings.LOGIN_REDIRECT_URL)
    if done.mark:
        browser.mark(response, request, series=done.mark.series, token=done.mark.token)
    return response


def _change_session(request: HttpRequest, done: Done) -> None:
    """A session that was there before ends, whoever's it was; nothing of it is carried over."""
    before = request.session_row or request.locked_row or request.limited_row
    if before is not None:
        sessions.end(row=before, why=End.SIGNED_OUT, origin=request.origin)
    request.session.flush()
    request.session.next_key = done.token
    django_login(request, done.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.is_live = True
    # What django_otp.login keeps, without loading the authenticator that has just been judged.
    request.session[DEVICE_ID_SESSION_KEY] = done.device
    request.session.save()


@login_not_required
@require_GET
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The small fragment that the page polls; once there is nothing to wait for, it says so."""
    found = find(request, token)
    context = {
        "step": flow.status(found),
        "status_url": reverse("login_status", args=[token]),
        "page_url": reverse("login_attempt", args=[token]),
    }
    return render(request, "login/_delivery.html", context)


@login_not_required
@unmarked("it only takes rights away")
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session on the server and says how to clear a shared computer."""
    row = request.session_row or request.locked_row or request.limited_row
    if row is not None:
        sessions.end(row=row, why=End.SIGNED_OUT, origin=request.origin)
    request.session.flush()
    response = render(request, "login/signed_out.html", {"why": "logged_off"})
    # Never "storage" or "cookies": they hold the known-device cookie and other apps' keys.
    response["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Strict")
    return response
