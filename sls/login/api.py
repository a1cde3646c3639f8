"""The sign-in of platforms other than the portal: ``/api/v1/login`` (CONTRACT 4).

The browser's flow, serialised: what the portal refuses, counts, slows and sends is refused,
counted, slowed and sent here, by the same code. An attempt is found by 256 random bits, and is none
of the portal's. The token of the session is in one answer; afterwards the attempt answers 410.
"""

import math
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status
from ninja.decorators import decorate_view

from accounts import limits
from accounts.challenges.wording import Problem as Trouble
from accounts.marks import open_to_sessions, unmarked
from accounts.once import once
from accounts.origin import Origin, digest, halves
from accounts.outbox.models import Channel
from accounts.problems import Problem
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users.locale import speak
from sls.login import again, flow, pace, platforms, schemas, spoken, taking_over
from sls.login.models import Attempt
from sls.login.rules import Why
from sls.login.steps import AskAnswer, Done, Refused, Step

router = Router(tags=["signing in"])
DEVICE = "Device-Token"  # what makes a device known, as the cookie does a browser
SIGNING_IN = unmarked("it is the proof of identity itself")


@router.post("/login", url_name="api_login", response=schemas.Began, summary="Name and password")
@SIGNING_IN
@decorate_view(once)
def begin(request: HttpRequest, sent: schemas.SignIn) -> dict[str, Any]:
    """Begins a sign-in. A code that is sent is on its way with the answer; send an
    `Idempotency-Key` to be able to repeat the call without a second code."""
    limits.count(request, "sign_ins_per_address", request.origin.network)
    version, name = sent.client_version or "", sent.device_name
    origin = _from(request, sent.platform, platforms.program(sent.platform, version, name))
    wish = flow.Wish(client_version=version, device_name=name, remembers=True)
    begun = flow.begin(username=sent.username, password=sent.password, origin=origin, wish=wish)
    try:
        return _begun(request, begun)
    finally:
        pace.even(hash_seconds=begun.proof.hash_seconds, since=begun.proof.since)


def _begun(request: HttpRequest, begun: flow.Begun) -> dict[str, Any]:
    trouble = begun.problem
    if trouble is None:
        speak(request, begun.attempt.user)
        step = spoken.step(begun.attempt, flow.show(begun.attempt))
        return {"attempt": begun.token, "step": step}
    barred = begun.proof.barred
    if barred is not None and barred.locked:
        seconds = max(1, math.ceil((barred.until - timezone.now()).total_seconds()))
        return {"attempt": None, "step": spoken.refused("locked", trouble.text, seconds)}
    if trouble.code == "wrong_credentials":
        raise Problem(401, trouble.text, kind="wrong-credentials")
    if trouble.retry_after:
        raise Problem(429, trouble.text, retry_after=trouble.retry_after)
    return {"attempt": None, "step": spoken.refused(trouble.code, trouble.text)}


@router.get(
    "/login/{attempt}",
    url_name="api_login_status",
    response=schemas.Next,
    summary="Where it is now",
)
@unmarked("it is asked again and again; what it may complete was approved on the phone")
def status(request: HttpRequest, attempt: str) -> dict[str, Any]:
    """The step that the sign-in is at. Once the phone has approved, this is its end."""
    found = _find(request, attempt)
    step = flow.show(found)
    if isinstance(step, AskAnswer) and _is_approved(step):
        step = _answer(request, found, taking_over.NOTHING_TYPED)
    return _next(request, found, step)


def _is_approved(step: AskAnswer) -> bool:
    push = step.shown.get("push")
    return push is not None and push.state == taking_over.NOTHING_TYPED


@router.post(
    "/login/{attempt}/method",
    url_name="api_login_method",
    response=schemas.Next,
    summary="Choose a device",
)
@SIGNING_IN
@decorate_view(once)
def method(request: HttpRequest, attempt: str, sent: schemas.Choice) -> dict[str, Any]:
    """Takes one of the devices that were offered. The one in use already is left as it is."""
    found = _find(request, attempt)
    trouble = flow.choose(found, device=sent.device, origin=_origin(request, found))
    return _after(request, found, trouble)


@router.post(
    "/login/{attempt}/resend",
    url_name="api_login_resend",
    response=schemas.Next,
    summary="Send the code again",
)
@SIGNING_IN
@decorate_view(once)
def resend(request: HttpRequest, attempt: str, sent: schemas.Resend) -> dict[str, Any]:
    """The same code again, by text message or by call; or a new question to a device that makes
    its answers itself."""
    found = _find(request, attempt)
    if sent.delivery == "voice" and not platforms.reads_out(found):
        raise Problem(409, "Calls are for the versions latest and beta only.", kind="voice")
    origin = _origin(request, found)
    if sent.delivery == again.NEW:
        trouble = again.ask_anew(found, origin=origin)
    else:
        trouble = again.resend(found, channel=Channel(sent.delivery), origin=origin)
    return _after(request, found, trouble)


@router.post(
    "/login/{attempt}/answer", url_name="api_login_answer", response=schemas.Next, summary="Answer"
)
@SIGNING_IN
def answer(request: HttpRequest, attempt: str, sent: schemas.Answer) -> dict[str, Any]:
    """Judges what was typed. A wrong code is the same step again, with `error`."""
    found = _find(request, attempt)
    step = _answer(request, found, sent.code, take_over=sent.take_over)
    return _next(request, found, step)


def _find(request: HttpRequest, token: str) -> Attempt:
    """The attempt, in the language of its user. Raises ``Problem``."""
    limits.count(request, "calls_per_address", request.origin.network)
    found = flow.find(token)
    # Those of the portal are bound to the browser that began them.
    if found is None or found.browser or found.platform not in platforms.PLATFORMS:
        raise Problem(404, "There is no such sign-in.")
    if found.ended_why == Why.DONE:
        raise Problem(410, "That sign-in is complete. Its token was handed out once.")
    speak(request, found.user)
    return found


def _origin(request: HttpRequest, found: Attempt) -> Origin:
    agent = platforms.program(found.platform, found.client_version, found.device_name)
    return _from(request, found.platform, agent)


def _from(request: HttpRequest, platform: str, agent: str) -> Origin:
    """Where a call comes from: no cookie of a browser is part of it."""
    series, token = _device(request)
    return replace(
        request.origin,
        platform=platform,
        agent=agent,
        device=digest(series) if series else "",
        device_token=digest(token) if token else "",
        session="",
    )


def _device(request: HttpRequest) -> tuple[str, str]:
    return halves(request.headers.get(DEVICE, "")[:200])


def _answer(request: HttpRequest, found: Attempt, text: str, *, take_over: bool = False) -> Step:
    origin = _origin(request, found)
    return flow.answer(found, text=text, origin=origin, take_over=take_over)


def _after(request: HttpRequest, found: Attempt, trouble: Trouble | None) -> dict[str, Any]:
    if trouble is not None and trouble.retry_after:
        raise Problem(429, trouble.text, retry_after=trouble.retry_after, reason=trouble.code)
    return _next(request, found, flow.show(found, trouble))


def _next(request: HttpRequest, found: Attempt, step: Step) -> dict[str, Any]:
    if isinstance(step, Done):
        return {"step": {"kind": "done", "session": _session(request, step)}}
    if isinstance(step, Refused) and step.reason is Why.DONE:
        raise Problem(410, "That sign-in is complete. Its token was handed out once.")
    if isinstance(step, AskAnswer) and step.error and step.error.retry_after:
        raise Problem(429, step.error.text, retry_after=step.error.retry_after)
    return {"step": spoken.step(found, step)}


def _session(request: HttpRequest, done: Done) -> dict[str, Any]:
    told = spoken.signed(done)
    if done.mark and not done.mark.series:
        # A device keeps the series that it came with.
        told["device_token"] = f"{_device(request)[0]}.{done.mark.token}"
    return told


@router.get(
    "/session", url_name="api_session", response=schemas.Session, summary="The session that asks"
)
@open_to_sessions(None)
def session(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, since when, until when, how that was proven, and what it gives now."""
    return spoken.session(request.auth)


@router.delete("/session", url_name="api_session", response={204: None}, summary="Sign out")
@open_to_sessions(None)
def sign_out(request: HttpRequest) -> Status[None]:
    """Ends the session that asks, at once and everywhere."""
    row: Session = request.auth
    sessions.end(row=row, why=End.SIGNED_OUT, origin=request.token_origin)
    return Status(204, None)
