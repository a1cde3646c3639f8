"""A step as a platform reads it: the same that the browser is shown."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.challenges.wording import Problem
from accounts.client_accounts import rules as roles
from accounts.client_accounts.services import of_user
from accounts.sessions.models import Session
from sls.decisions import services as decisions
from sls.login import platforms
from sls.login.models import Attempt
from sls.login.platforms import PLATFORMS
from sls.login.steps import AskAnswer, AskMethod, Done, Option, Refused, Step
from sls.methods import registry
from sls.methods.rules import Strength

REFERENCE = 12  # of a session's key: no key to it
_RIGHTS = ("view", "trade", "fund", "settings")
_ACR = {
    Strength.TELEPHONE: "telephone",
    Strength.TYPED_CODE: "typed-code",
    Strength.APPROVAL: "approval",
    Strength.PHISHING_RESISTANT: "phishing-resistant",
}


def step(attempt: Attempt, shown: Step) -> dict[str, Any]:
    """Whatever comes next in ``attempt`` but its end."""
    if isinstance(shown, Refused):
        return refused(shown.reason, shown.text, shown.retry_after)
    if isinstance(shown, AskMethod):
        return {
            "kind": "ask_method",
            "devices": _devices(shown.devices),
            "why": shown.why,
            "words": _words(attempt),
            "error": _error(shown.error),
        }
    return _wait(attempt, shown) if shown.shown.get("digits") else _question(attempt, shown)


def refused(reason: str, text: str, retry_after: int = 0) -> dict[str, Any]:
    """No."""
    return {"kind": "refused", "reason": reason, "text": text, "retry_after": retry_after}


def _question(attempt: Attempt, asked: AskAnswer) -> dict[str, Any]:
    message, again = asked.delivery, asked.resend
    return {
        "kind": "ask_answer",
        "method": asked.method,
        "destination": asked.destination,
        "reference": asked.reference,
        "challenge": asked.challenge,
        "delivery": message
        and {"channel": message.channel, "status": message.status, "text": message.text},
        "resend": again
        and {
            "after_seconds": again.after_seconds,
            "options": platforms.channels(attempt, again.options),
            "sends_left": again.sends_left,
            "reason": again.reason,
        },
        "expires_at": asked.expires_at,
        "alternatives": _devices(asked.alternatives),
        "why": asked.unsent or asked.why,
        "words": _words(attempt),
        "error": _error(asked.error),
    }


def _wait(attempt: Attempt, asked: AskAnswer) -> dict[str, Any]:
    return {
        "kind": "wait",
        "method": asked.method,
        "match": asked.shown["digits"],
        "text": asked.shown["said"],
        "challenge": asked.challenge,
        "expires_at": asked.expires_at,
        "again_after": asked.shown["again_after"],
        "alternatives": _devices(asked.alternatives),
        "words": _words(attempt),
        "error": _error(asked.error),
    }


def _devices(options: Iterable[Option]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "method": one.method,
            "label": one.label,
            "last_used": one.last_used,
            "preferred": one.preferred,
        }
        for one in options
    ]


def _words(attempt: Attempt) -> dict[str, str]:
    platform = PLATFORMS[attempt.platform]
    return {name: str(getattr(platform, name)) for name in ("field", "submit", "again", "ok")}


def _error(error: Problem | None) -> dict[str, Any] | None:
    return error and {"code": error.code, "text": error.text, "tries_left": error.tries_left}


def signed(done: Done) -> dict[str, Any]:
    """The session that a sign-in opened, with what is told once."""
    mark = done.mark
    return session(done.session) | {
        "token": done.token,
        "device_token": f"{mark.series}.{mark.token}" if mark else "",
    }


def session(row: Session) -> dict[str, Any]:
    """A session as it describes itself. One query."""
    method = registry.get(row.method)
    return {
        "id": row.key[:REFERENCE],
        "username": row.user.username,
        "platform": row.platform,
        "device": row.agent,
        "auth_time": row.opened_at,
        "seen_at": row.seen_at,
        "expires_at": row.expires_at,
        "idle_seconds": row.idle_seconds,
        "amr": ["pwd", method.amr, "mfa"],
        "acr": f"{settings.PUBLIC_BASE_URL}/acr/{_ACR[method.strength]}",
        "rights": rights(row),
    }


def rights(row: Session) -> list[str]:
    """What the session gives now: what the roles give, as far as the platform offers it, and
    without what the person has taken off it; no money from accounts for algorithms that are shut,
    and nothing while it leads only where a stronger authenticator is enrolled, or a new password is
    demanded. One query."""
    user, now = row.user, timezone.now()
    if row.is_enrol_only or user.password_demanded_at is not None:
        return []
    held: set[str] = set()
    for one in of_user(row.user_id):
        shut = {roles.Right.FUND} if one.account.is_shut(now) else frozenset()
        held |= roles.rights(one.role, second_name=one.second_name) - shut
    off = decisions.narrowed(user, row.platform)
    return [right for right in _RIGHTS if right in (held & roles.OFFERS[row.platform]) - off]
