from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from sls.methods.sms import services


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Signing in by SMS follows the primary number."""
    if entry.event == Event.PHONE_PRIMARY:
        origin = Origin(
            address=entry.origin["address"],
            platform=entry.origin["platform"],
            agent=entry.origin["agent"],
            session=note.get("session", ""),
        )
        services.rebind(user=entry.user, phone=note["phone"], origin=origin)
