from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """The code of a call that was reported as not asked for opens nothing any more."""
    if entry.event == Event.CALL_REPORTED and note.get("about"):
        reported = Challenge.objects.filter(pk=note["about"], user=entry.user, used_at=None)
        reported.update(cancelled_at=timezone.now(), secret=None)
