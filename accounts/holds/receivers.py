from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.holds import rules, services
from accounts.holds.models import What, Why


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A change of authenticator or contact stops withdrawals, and a freeze stops more, in the
    transaction of the change."""
    if entry.user_id is None:
        return
    if entry.event in (Event.FROZEN, Event.TRADING_STOPPED):
        services.freeze(entry=entry, trading=entry.detail["trading"])
    elif entry.event == Event.THAWED:
        services.thaw(entry=entry)
    changed = rules.change(
        entry.event,
        activated=entry.user.activated_at is not None,
        again=note.get("again", False),
    )
    if changed is not None:
        services.place(entry=entry, what=What.WITHDRAWALS, why=Why(changed))
