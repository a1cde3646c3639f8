from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.passwords import demand

UNDONE = frozenset({Event.EMAIL_UNDONE, Event.PHONE_UNDONE})


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Whoever undoes a change by the link of a mail, instead of where they are signed in, did not
    make it: somebody who knew the password did."""
    if entry.event in UNDONE and not note.get("session"):
        demand.of(entry.user, why="contact_undone", origin=SYSTEM, actor="system")
