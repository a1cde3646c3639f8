from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.methods.ib_key import activations

# What a begun activation stood on is no longer so, or may not have been its owner's.
ENDS = frozenset(
    {
        Event.PASSWORD_SET,
        Event.PASSWORD_CHANGED,
        Event.PASSWORD_DEMANDED,
        Event.EMAIL_UNDONE,
        Event.PHONE_UNDONE,
        Event.CALL_REPORTED,
        Event.FROZEN,
    }
)


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """No phone becomes an authenticator by what was begun before."""
    if entry.event in ENDS and entry.user_id is not None:
        activations.abandon(user_id=entry.user_id)
