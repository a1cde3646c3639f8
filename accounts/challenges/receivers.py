from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges import services
from accounts.challenges.models import Challenge, Purpose

# What is only asked once a password was right.
AFTER_PASSWORD = (Purpose.SIGN_IN, Purpose.STEP_UP, Purpose.SHARING, Purpose.DOOR)


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """The code of a call that was reported as not asked for opens nothing any more, nor does one
    that was asked for after a password that is no more."""
    if entry.event == Event.CALL_REPORTED and note.get("about"):
        reported = Challenge.objects.filter(pk=note["about"], user=entry.user, used_at=None)
        reported.update(cancelled_at=timezone.now(), secret=None)
    elif entry.event == Event.PASSWORD_CHANGED:
        for purpose in AFTER_PASSWORD:
            services.cancel(user_id=entry.user_id, purpose=purpose)
