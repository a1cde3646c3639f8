from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ceilings import services


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A freeze drops the raises that are still to come, in its transaction."""
    if entry.user_id is not None and entry.event == Event.FROZEN:
        origin = audit.origin_of(entry, session="")
        services.drop(entry.user, origin=origin, at=entry.at)
