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

from accounts import limits, paths
from accounts.challenges.wording import Problem
from accounts.marks import unmarked
from accounts.outbox.models import Channel
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.locale import speak
from sls.login import again, browser, flow, pace, wording
from sls.login.forms import LoginForm
from sls.login.models import Attempt
from sls.login.steps import Done, Refused, Step

SIGNING_IN = "it is the proof of identity itself"


@login_not_required
@sensitive_post_parameters("password")
@unmarked(SIGNING_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The sign-in page, and name and password posted from it."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(next_path(request) or settings.LOGIN_REDIRECT_URL)
        return page(request, LoginForm())
    limits.demand("sign_ins_per_address", request.origin.network)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return page(request, form)
    secret = browser.new_secret()
    wish = flow.Wish(form.cleaned_data["public_computer"], next_path(request), secret)
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
    form.add_error(None, begun.problem.text)
    return limits.slowed(page(request, form), begun.problem.retry_after)


def page(request: HttpRequest, form: LoginForm, *, error: str = "") -> HttpResponse:
    """The sign-in page; ``error`` is about no field of it."""
    ended = request.GET.get("ended", "") or request.session_ended
    notice = wording.why_here(ended) if request.method != "POST" else ""
    context = {
        "form": form,
        "next": next_path(request),
        "notice": notice,
        "error": error,
        "passkey_life": settings.SECURITY_CODE_LIFE,
    }
    return render(request, "login/start.html", context)


def next_path(request: HttpRequest) -> str:
    """``next`` if it is a path of ours, else nothing."""
    path = paths.ours(request.POST.get("next") or request.GET.get("next", ""))
    return path if len(path) <= 500 else ""


def _find(request: HttpRequest, token: str) -> Attempt:
    attempt = flow.find(token)
    if attempt is None or not browser.holds(request, attempt):
        raise Http404
    speak(request, attempt.user)
    return attempt


def _render(request: HttpRequest, token: str, step: Step, typed: str = "") -> HttpResponse:
    if isinstance(step, Refused):
        return redirect(f"{reverse('login')}?ended={step.reason}")
    context = {"attempt": token, "step": step, "typed": typed}
    response = render(request, "login/attempt.html", context)
    return limits.slowed(response, step.error and step.error.retry_after)


@login_not_required
@require_GET
def attempt(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the step that the attempt is at."""
    return _render(request, token, flow.show(_find(request, token)))


@login_not_required
@unmarked(SIGNING_IN)
@require_POST
def method(request: HttpRequest, token: str) -> HttpResponse:
    """An authenticator was chosen."""
    found = _find(request, token)
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
    found = _find(request, token)
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
    return flow.resend(attempt, channel=Channel(wanted), origin=request.origin)


@login_not_required
@sensitive_post_parameters("code")
@unmarked(SIGNING_IN)
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """A code was typed."""
    found = _find(request, token)
    typed = request.POST.get("code", "")
    step = flow.answer(found, text=typed, origin=request.origin)
    if isinstance(step, Done):
        return signed_in(request, step)
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
    if done.device_cookie:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            done.device_cookie,
            max_age=settings.DEVICE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _change_session(request: HttpRequest, done: Done) -> None:
    """A session that was there before ends, whoever's it was; nothing of it is carried over."""
    if request.session_row is not None:
        sessions.end(row=request.session_row, why=End.SIGNED_OUT, origin=request.origin)
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
    found = _find(request, token)
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
    row = request.session_row
    if row is not None:
        sessions.end(row=row, why=End.SIGNED_OUT, origin=request.origin)
    request.session.flush()
    response = render(request, "login/signed_out.html", {"why": "logged_off"})
    # Never "storage" or "cookies": they hold the known-device cookie and other apps' keys.
    response["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Strict")
    return response
