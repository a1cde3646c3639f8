from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.devices import removal


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """The authenticator that a new one stands in for ends in the same transaction."""
    # A replacement is begun in a session, and only that can go on with it.
    if entry.event == Event.DEVICE_ENROLLED and (session := note.get("session")):
        removal.finish_replacement(new=note["device"], entry=entry, session=session)
