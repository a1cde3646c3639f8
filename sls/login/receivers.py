from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.freeze.models import Part
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from sls.login.models import Attempt
from sls.login.rules import Why


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Ends what must not go on, or not as it was: a reported sign-in, those begun with a password
    that is no more or that could still be guessed, or before everything was stopped or a change was
    undone that somebody else had made, those in a browser that is known no more, and sessions of a
    revoked authenticator."""
    if entry.event == Event.CALL_REPORTED and note.get("about"):
        _cancel(entry, note["about"])
    elif entry.event == Event.PASSWORD_CHANGED:
        _forget(entry, Why.PASSWORD_CHANGED)
    elif entry.event in (Event.EMAIL_UNDONE, Event.PHONE_UNDONE):
        _forget(entry, Why.UNDONE)
    elif entry.event == Event.FROZEN:
        note["freeze"].note(Part.SIGN_INS, _forget(entry, Why.FROZEN))
    elif entry.event in (Event.BROWSER_COPIED, Event.BROWSER_FORGOTTEN):
        # What goes on in it goes on as in a new one: weighed, told, and marked anew.
        Attempt.objects.filter(user=entry.user, ended_at=None).update(known_device=False)
    elif entry.event == Event.SIGN_IN_LOCKED and not note.get("known_device"):
        _end_by_lock(entry)
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


def _forget(entry: Entry, why: Why) -> int:
    now = timezone.now()
    live = Attempt.objects.filter(user=entry.user, ended_at=None)
    fresh = live.filter(expires_at__gt=now).count() if why is Why.FROZEN else 0
    live.update(ended_at=now, ended_why=why)
    return fresh


def _end_by_lock(entry: Entry) -> None:
    # Known browsers have counters of their own, and a lock is lifted while it lasts.
    live = Attempt.objects.filter(
        user=entry.user, ended_at=None, known_device=False, enrolling=False, unlocking=False
    )
    live.update(ended_at=timezone.now(), ended_why=Why.LOCKED)
