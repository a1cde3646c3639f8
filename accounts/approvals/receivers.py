from accounts.approvals import services
from accounts.audit.events import Event
from accounts.audit.models import Entry

THAW = "thaw"


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Whoever says "not me", or takes back the wish to go on, did not ask staff to let it go on."""
    if entry.user_id is not None and entry.event in (Event.FROZEN, Event.THAW_STOPPED):
        services.end_of_act(user_id=entry.user_id, act=THAW)
