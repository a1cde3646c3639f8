"""What all steps of a recovery share: whose browser it is, and which page comes now."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import browser, limits
from accounts.challenges.wording import Problem
from accounts.users.locale import speak
from sls.recovery import pages
from sls.recovery.models import Recovery
from sls.recovery.rules import Stage
from sls.recovery.state import find, stage

PROOF = "nobody is signed in here; it is the proof of identity itself"


def found(request: HttpRequest, token: str) -> Recovery:
    """The recovery that this very browser began. Raises ``Http404``.

    Before the code by mail was right, nothing may tell whose name it is, not even the language.
    """
    recovery = find(token)
    if recovery is None or not browser.holds(request, recovery):
        raise Http404
    if recovery.mailed_at is not None:
        speak(request, recovery.user)
    return recovery


def page(
    request: HttpRequest,
    token: str,
    recovery: Recovery,
    problem: Problem | None = None,
    **more: object,
) -> HttpResponse:
    """The page of the stage that the recovery is at."""
    now = stage(recovery)
    context = {
        **pages.common(token, recovery),
        **pages.step(recovery, now),
        "problem": problem,
        "error": problem.text if problem else "",
        **more,
    }
    response = render(request, f"recovery/{now}.html", context)
    return limits.slowed(response, problem and problem.retry_after)


def went(
    request: HttpRequest,
    token: str,
    recovery: Recovery,
    problem: Problem | None,
    **more: object,
) -> HttpResponse:
    """On to the next page, or the same one with what is wrong."""
    if problem is None:
        return redirect("recovery", token)
    recovery.refresh_from_db()
    return page(request, token, recovery, problem, **more)


def at(recovery: Recovery, *stages: Stage) -> bool:
    """Whether the recovery is at one of ``stages``."""
    return stage(recovery) in stages
