from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze.models import Part
from accounts.origin import SYSTEM
from sls.cards import orders


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A card that was requested and not sent yet may have been meant for somebody else."""
    if entry.event == Event.FROZEN:
        dropped = orders.drop(entry.user, origin=SYSTEM)
        note["freeze"].note(Part.CARDS, int(dropped))
