from uuid import UUID

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.callers import services


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Key 9 in a call that reads out a reference or a code for us, in its transaction."""
    if entry.event != Event.CALL_REPORTED or entry.user_id is None:
        return
    try:
        about = UUID(str(note.get("about", "")))
    except ValueError:
        return
    services.report_call(about=about)
