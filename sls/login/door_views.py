from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.challenges.wording import Problem
from accounts.contacts.rules import masked_email
from accounts.ip_restrictions import door as emergency_door
from accounts.marks import unmarked
from sls.login import door as steps
from sls.login import views
from sls.login.models import Attempt, Door
from sls.login.steps import Done, Refused


@login_not_required
@sensitive_post_parameters("code")
@unmarked(views.SIGNING_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Refused where the person is: what helps, and the emergency door. Then its code by e-mail:
    takes it (``code``) or sends it again (``delivery``)."""
    found = views.find(request, token)
    ended = steps.over(found)
    if ended:
        return _ended(ended)
    if found.door == Door.OFFERED:
        return _offer(request, token, found)
    if found.door != Door.MAIL:
        return redirect("login_attempt", token)
    if request.method != "POST":
        return _mail_page(request, token, found)
    if "delivery" in request.POST:
        problem = steps.resend(found, origin=request.origin)
        return _mail_page(request, token, found, problem) if problem else redirect(request.path)
    typed = request.POST.get("code", "")
    step = steps.enter(found, text=typed, origin=request.origin)
    if isinstance(step, Done):
        return views.signed_in(request, step)
    if isinstance(step, Refused):
        return _ended(step)
    return _mail_page(request, token, found, step, typed[:64])


def _ended(step: Refused) -> HttpResponse:
    return redirect(f"{reverse('login')}?ended={step.reason}")


def _offer(request: HttpRequest, token: str, found: Attempt) -> HttpResponse:
    problem = None
    if request.method == "POST":
        problem = steps.begin(found, origin=request.origin)
        if problem is None:
            return redirect("login_attempt", token)
    context = {
        "attempt": token,
        "address": request.origin.address,
        "door": emergency_door.standing(found.user),
        "door_minutes": settings.DOOR_MINUTES,
        "error": problem,
    }
    response = render(request, "login/door.html", context)
    return limits.slowed(response, problem and problem.retry_after)


def _mail_page(
    request: HttpRequest,
    token: str,
    found: Attempt,
    problem: Problem | None = None,
    typed: str = "",
) -> HttpResponse:
    challenge = steps.latest(found)
    context = {
        "attempt": token,
        "challenge": challenge,
        "life": _life(challenge),
        "destination": masked_email(challenge.destination) if challenge else "",
        "error": problem,
        "typed": typed,
    }
    response = render(request, "login/door_mail.html", context)
    return limits.slowed(response, problem and problem.retry_after)


def _life(challenge) -> int:
    if challenge is None:
        return 0
    return int((challenge.expires_at - challenge.created_at).total_seconds())
