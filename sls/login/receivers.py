from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from sls.login.models import Attempt
from sls.login.rules import Why


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Ends what must not go on: a reported sign-in, and sessions of a revoked authenticator."""
    if entry.event == Event.CALL_REPORTED and note.get("about"):
        _cancel(entry, note["about"])
    elif entry.event == Event.DEVICE_REVOKED:
        _close(entry, note)


def _close(entry: Entry, note: dict) -> None:
    spare = ""
    if note.get("successor") and note.get("session"):
        # Whoever moves signing in to another number has just proven who they are, and goes on.
        spare = note["session"]
        sessions.hand_over(
            session=spare,
            old=note["device"],
            device=note["successor"],
            method=entry.detail["method"],
        )
    sessions.close_all(
        user=entry.user, why=End.REVOKED, origin=SYSTEM, device=note["device"], spare=spare
    )


def _cancel(entry: Entry, challenge_id: str) -> None:
    # By its binding: meanwhile the attempt may ask for another code, or in another way.
    bound_to = Challenge.objects.filter(pk=challenge_id).values("bound_to")
    live = Attempt.objects.filter(user=entry.user, digest__in=bound_to, ended_at=None)
    live.update(ended_at=timezone.now(), ended_why=Why.REPORTED)
