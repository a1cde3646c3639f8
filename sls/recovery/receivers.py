from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze.models import Part
from accounts.holds import rules as holds
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from sls.methods import registry
from sls.recovery import delays, proofs, rules
from sls.recovery.models import Recovery
from sls.recovery.rules import Ended, Goal
from sls.recovery.state import stop, stop_all

# Somebody has said that it was not they.
NOT_ME = frozenset({Event.CALL_REPORTED, Event.EMAIL_UNDONE, Event.PHONE_UNDONE, Event.FROZEN})
SIGNED_IN = frozenset({Event.SIGNED_IN, Event.SIGNED_IN_NEW_DEVICE})


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Whatever changes how somebody is known ends what was begun with it; whoever signs in as
    strongly as ever has lost nothing, so nothing waits any more."""
    if entry.user_id is None:
        return
    if entry.event in SIGNED_IN:
        if entry.user.recovering and _is_strong(entry):
            _cancel(entry, by="sign_in")
    elif entry.event in NOT_ME:
        waited = _cancel(entry, by=str(entry.event))
        begun = stop(entry.user_id)
        if entry.event == Event.FROZEN:
            note["freeze"].note(Part.RECOVERIES, waited + begun)
    elif entry.event == Event.DEVICE_ENROLLED and entry.user.recovering:
        _enrolled(entry, note)
    elif holds.change(entry.event, activated=True, again=note.get("again", False)):
        stop_all(entry.user_id)


def _is_strong(entry: Entry) -> bool:
    strength = registry.get(entry.detail["method"]).strength
    return strength >= rules.needed(proofs.person(entry.user))


def _cancel(entry: Entry, *, by: str) -> bool:
    if not entry.user.recovering:
        return False
    detail = {"by": by}
    return delays.end(entry.user, event=Event.RECOVERY_CANCELLED, origin=SYSTEM, detail=detail)


def _enrolled(entry: Entry, note: dict) -> None:
    """A new factor is there: by this very recovery, or in another way."""
    own = Recovery.objects.filter(
        user=entry.user_id, ended_at=None, challenge__device=note["device"]
    )
    if own.update(ended_at=entry.at, ended_why=Ended.ENROLLED):
        detail = {"goal": Goal.FACTOR.value, "proof": entry.detail["method"]}
        delays.end(entry.user, event=Event.RECOVERY_DONE, origin=SYSTEM, detail=detail)
        # Whoever was signed in before may be why it was needed.
        sessions.close_all(user=entry.user, why=End.CLOSED, origin=SYSTEM)
    else:
        _cancel(entry, by="enrolled")
