from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from sls.step_up.models import Pending


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A request whose call was reported is dropped: nobody may go on to ask for another code."""
    if entry.event == Event.CALL_REPORTED and note.get("about"):
        bound_to = Challenge.objects.filter(pk=note["about"]).values("bound_to")
        Pending.objects.filter(user=entry.user, digest__in=bound_to, used_at=None).delete()
