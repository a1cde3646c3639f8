from accounts.audit.events import Event
from accounts.audit.models import Entry
from sls.step_up import services

# What a proof stood on is no longer so, or may not have been hers: everything is asked anew.
ENDS_ALL = frozenset(
    {
        Event.PASSWORD_SET,
        Event.CALL_REPORTED,
        Event.DEVICE_ENROLLED,
        Event.DEVICE_REVOKED,
        Event.SMS_SWITCHED_OFF,
    }
)
# Who guesses may go on by another way, but what was proven before is proven no more.
ENDS_PROVEN = frozenset({Event.DEVICE_DISABLED, Event.CARD_LOST, Event.CARD_PIN_CHANGED})


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Ends held requests, unused grants and windows that must not outlive what happened.

    Those of a session that ended need no hand: nothing finds them but a request of that session.
    """
    if entry.user_id is None:
        return
    if entry.event in ENDS_ALL:
        services.drop(user_id=entry.user_id)
    elif entry.event in ENDS_PROVEN:
        services.drop(user_id=entry.user_id, only_proven=True)
    elif entry.event == Event.SIGN_IN_LOCKED and entry.origin["session"]:
        services.drop(user_id=entry.user_id, session=entry.origin["session"])
