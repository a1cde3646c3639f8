from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import algorithms


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A freeze shuts what was to open for money, in its transaction."""
    if entry.user_id is not None and entry.event == Event.FROZEN:
        origin = audit.origin_of(entry, session="")
        algorithms.drop(entry.user, origin=origin, at=entry.at)
