from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ip_restrictions import door

# Whoever stands in the door may be whom this was done against.
SHUTS = frozenset(
    {
        Event.BROWSER_COPIED,
        Event.CALL_REPORTED,
        Event.EMAIL_UNDONE,
        Event.PASSWORD_CHANGED,
        Event.PHONE_UNDONE,
        Event.RECOVERY_DONE,
    }
)


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """The emergency door lets nobody in any more, unless who did it came from that very address."""
    user = entry.user
    if user is None or entry.event not in SHUTS:
        return
    if user.door_until and user.door_address != entry.origin["address"]:
        door.leave(user)
