from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges import services as challenges
from accounts.challenges.models import Purpose
from accounts.freeze.models import Part
from sls.step_up import services

# What a proof stood on is no longer so, or may not have been hers: everything is asked anew.
ENDS_ALL = frozenset(
    {
        Event.PASSWORD_SET,
        Event.PASSWORD_CHANGED,
        Event.CALL_REPORTED,
        Event.DEVICE_ENROLLED,
        Event.DEVICE_REVOKED,
        Event.SMS_SWITCHED_OFF,
        Event.EMAIL_UNDONE,
        Event.PHONE_UNDONE,
        Event.FROZEN,
    }
)
# Who guesses, has lost a number or a card, or has to change the password, may go on by another way,
# but what was proven before is proven no more.
ENDS_PROVEN = frozenset(
    {
        Event.CARD_LOST,
        Event.CARD_PIN_CHANGED,
        Event.DEVICE_DISABLED,
        Event.PHONE_NEW_SIM,
        Event.PHONE_REMOVED,
        Event.PASSWORD_DEMANDED,
    }
)


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Ends held requests, unused grants, windows and begun enrolments that must not outlive what
    happened.

    Those of a session that ended need no hand: nothing finds them but a request of that session.
    """
    if entry.user_id is None:
        return
    if entry.event in ENDS_ALL:
        if entry.event == Event.FROZEN:
            note["freeze"].note(Part.PROOFS, services.in_hand(entry.user_id))
        services.drop(user_id=entry.user_id)
        # Nor does anything become an authenticator that such a proof has let begin, but in the
        # session that has just proven who it is.
        own = entry.origin["session"]
        challenges.end(user_id=entry.user_id, purpose=Purpose.ENROLMENT, spare=own)
    elif entry.event in ENDS_PROVEN:
        services.drop(user_id=entry.user_id, only_proven=True)
    elif entry.event == Event.SIGN_IN_LOCKED and entry.origin["session"]:
        services.drop(user_id=entry.user_id, session=entry.origin["session"])
