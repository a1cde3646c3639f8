from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.sessions import services as sessions
from sls.methods import registry
from sls.policy.rules import DEMANDED


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """The session in which what a policy demands was enrolled leads everywhere again.

    No other does: whoever sits there has shown the new authenticator to nobody.
    """
    if entry.event != Event.DEVICE_ENROLLED or not note.get("session"):
        return
    if registry.get(entry.detail["method"]).strength >= DEMANDED:
        sessions.enrolment_done(note["session"])
