from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases import services


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A freeze opens its case, in its transaction."""
    if entry.event == Event.FROZEN and entry.user_id is not None:
        services.open_of_freeze(entry=entry)
