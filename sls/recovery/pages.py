"""What the pages of a recovery show: read from the tables, nothing changed."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.challenges import shown
from accounts.challenges.models import Challenge
from accounts.contacts.rules import masked_phone
from accounts.passwords import wording as passwords
from accounts.passwords.forms import PasswordForm
from sls.methods import registry
from sls.recovery import delays, enrolling, mail, proofs, wording
from sls.recovery.forms import OldPasswordForm
from sls.recovery.models import Delay, Recovery
from sls.recovery.rules import Goal, Stage

_ACTS = (
    *("code", "again", "way", "answer", "resend"),
    *("password", "advice", "lost", "wait", "enrol"),
)


def common(token: str, recovery: Recovery) -> dict[str, Any]:
    """What every step shows. ``again_begin_url`` begins anew."""
    start = "recover" if recovery.goal == Goal.PASSWORD else "recover_device"
    urls = {f"{name}_url": reverse(f"recovery_{name}", args=[token]) for name in _ACTS}
    return {
        **urls,
        "page_url": reverse("recovery", args=[token]),
        "enrol_answer_url": reverse("recovery_enrol_answer", args=[token]),
        "again_begin_url": reverse(start),
        "goal": recovery.goal,
    }


def step(recovery: Recovery, stage: Stage) -> dict[str, Any]:
    """What the page of this stage shows besides."""
    show = _STEPS.get(stage)
    return show(recovery) if show else {}


def _mail(recovery: Recovery) -> dict[str, Any]:
    now = timezone.now()
    ask = mail.next_ask(recovery, now)
    return {
        "reference": recovery.reference,
        "expires_at": recovery.expires_at,
        "life": settings.EMAIL_CODE_LIFE,
        "ask_after": ask.seconds(now),
        "ask_at": ask.at,
        "asks_left": ask.left,
    }


def _choose(recovery: Recovery) -> dict[str, Any]:
    return {"offers": proofs.offers(recovery)}


def _old_password(recovery: Recovery) -> dict[str, Any]:
    return {
        "form": OldPasswordForm(),
        "username": recovery.user.username,
        "offers": [] if recovery.user.is_staff else proofs.offers(recovery),
    }


def _answer(recovery: Recovery) -> dict[str, Any]:
    challenge = recovery.challenge
    offers = proofs.offers(recovery)
    method = registry.get(challenge.method)
    number = challenge.destination
    asked = shown.question(
        challenge,
        destination=masked_phone(number) if number else "",
        options=method.channels,
        shown=registry.asked(challenge),
    )
    return {
        "step": asked,
        "lapsed": asked.expired and not method.channels,
        "device": challenge.device,
        "others": [one for one in offers if one.row.id != challenge.device],
    }


def _new_password(recovery: Recovery) -> dict[str, Any]:
    username, advice = recovery.user.username, passwords.advice()
    return {"form": PasswordForm(), "username": username, "advice": advice}


def _confirm(recovery: Recovery) -> dict[str, Any]:
    return {
        "waiting": delays.live(recovery.user_id),
        "hours": settings.RECOVERY_WAIT_HOURS,
        "open_hours": settings.RECOVERY_OPEN_HOURS,
        "hold_hours": settings.HOLD_HOURS,
    }


def _enrol(recovery: Recovery) -> dict[str, Any]:
    return {"methods": enrolling.methods(recovery.user)}


def _enrol_answer(recovery: Recovery) -> dict[str, Any]:
    challenge = recovery.challenge
    if not enrolling.is_open(challenge):
        return {"lapsed": True, "methods": enrolling.methods(recovery.user)}
    return {
        "method": registry.get(challenge.method),
        "shown": _shown(challenge),
        "step": shown.question(challenge, destination="", options=()),
        "face": f"methods/{challenge.method}/enrol.html",
    }


def _shown(challenge: Challenge) -> Mapping[str, Any]:
    return registry.get(challenge.method).enrolling(challenge)


def _done(recovery: Recovery) -> dict[str, Any]:
    return {"why": recovery.ended_why, "hold_hours": settings.HOLD_HOURS}


def _over(recovery: Recovery) -> dict[str, Any]:
    return {"reason": wording.why_over(recovery.ended_why)}


_STEPS = {
    Stage.MAIL: _mail,
    Stage.CHOOSE: _choose,
    Stage.OLD_PASSWORD: _old_password,
    Stage.ANSWER: _answer,
    Stage.NEW_PASSWORD: _new_password,
    Stage.CONFIRM: _confirm,
    Stage.ENROL: _enrol,
    Stage.ENROL_ANSWER: _enrol_answer,
    Stage.DONE: _done,
    Stage.STOPPED: _over,
    Stage.OVER: _over,
}


def delay(of: Delay) -> dict[str, Any]:
    """What is to happen when. Nothing that tells whose it is."""
    now = timezone.now()
    state = "waiting" if now < of.due_at else "ripe"
    if of.ended_at is not None:
        state = "ended"
    elif now >= of.until:
        state = "late"
    return {"delay": of, "state": state, "said": wording.ended(of)}
