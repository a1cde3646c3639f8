from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.methods.sms import services

FOLLOWED = {Event.PHONE_PRIMARY, Event.PHONE_UNDONE}


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Signing in by SMS follows the primary number."""
    if entry.event in FOLLOWED and note["phone"] is not None:
        origin = audit.origin_of(entry, session=note.get("session", ""))
        services.rebind(user=entry.user, phone=note["phone"], origin=origin)
