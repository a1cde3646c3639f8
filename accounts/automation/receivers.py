from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.automation.models import Watch


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Programs were let go on: what they did before that stops them no more."""
    if entry.event == Event.AUTOMATION_RESUMED:
        Watch.objects.filter(user=entry.user_id).update(since=entry.at, told_at=None)
