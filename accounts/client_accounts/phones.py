"""What somebody takes off their own phones: everything but looking, or the money.

Taking off holds from the next call on, in sessions that are open too; giving back takes a proof
(the view carries the mark). It is the person's, on every account they act on.
"""

from enum import StrEnum

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin


class Switch(StrEnum):
    """What can be taken off, by the column that keeps it."""

    VIEWS_ONLY = "phone_views_only"
    NO_MONEY = "phone_moves_no_money"


def narrow(*, user_id: int, switch: Switch, origin: Origin) -> bool:
    """Takes it off at once. False when that was so already."""
    return _set(user_id, switch, Event.PHONES_NARROWED, origin, on=True)


def widen(*, user_id: int, switch: Switch, origin: Origin) -> bool:
    """Gives it back; the view asks for a proof. False when nothing had been taken off."""
    return _set(user_id, switch, Event.PHONES_WIDENED, origin, on=False)


def _set(user_id: int, switch: Switch, event: Event, origin: Origin, *, on: bool) -> bool:
    with transaction.atomic():
        user = audit.lock(user_id)
        if getattr(user, switch) == on:
            return False
        setattr(user, switch, on)
        user.save(update_fields=[switch.value])
        what = "look" if switch is Switch.VIEWS_ONLY else "money"
        audit.record(event, user=user, origin=origin, detail={"phones": what})
        return True
