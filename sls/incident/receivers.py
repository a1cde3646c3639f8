from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from sls.incident import services
from sls.incident.models import What

# What is noted of an event, and the detail that says of what.
NOTED: dict[str, tuple[What, str]] = {
    Event.WAY_BACK_ENTERED: (What.ENTERED, "method"),
    Event.DEVICE_ENROLLED: (What.DEVICE_ADDED, "method"),
    Event.DEVICE_REVOKED: (What.DEVICE_REMOVED, "method"),
    Event.EMAIL_UNDONE: (What.CONTACT_BACK, "email"),
    Event.PHONE_UNDONE: (What.CONTACT_BACK, "phone"),
    Event.EMAIL_REMOVED: (What.CONTACT_REMOVED, "email"),
    Event.PHONE_REMOVED: (What.CONTACT_REMOVED, "phone"),
    Event.THAW_ASKED: (What.ASKED, ""),
    Event.THAW_STOPPED: (What.STOPPED, ""),
}


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Notes for the receipt what other rooms did on the way; a thaw ends its sessions."""
    if entry.user_id is None:
        return
    if entry.event == Event.THAWED:
        sessions.close_all(user=entry.user, why=End.THAWED, origin=SYSTEM)
        thawed = Freeze.objects.filter(user_id=entry.user_id).order_by("-at").first()
        services.note(thawed, What.THAWED)
    elif entry.user.frozen_at is not None and entry.event in NOTED:
        running = freezes.live(entry.user_id)
        what, about = NOTED[entry.event]
        if running is not None:
            services.note(running, what, entry.detail.get(about, ""))
