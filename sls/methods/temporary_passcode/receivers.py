from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from sls.methods.temporary_passcode import services


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A passcode ends with everything else that is stopped, and when its call was reported."""
    if entry.event == Event.FROZEN:
        services.end_live(entry.user, why="frozen", origin=SYSTEM, actor="system")
    elif entry.event == Event.CALL_REPORTED and note.get("about"):
        found = services.live(entry.user_id)
        if found is not None and found.about == note["about"]:
            services.end_live(entry.user, why="reported", origin=SYSTEM, actor="system")
