from typing import Any

from accounts.audit.models import Entry
from accounts.outbox.hooks import rules, services


def tell(entry: Entry, note: dict[str, Any], **_kwargs: Any) -> None:
    """What happened to a client is told to the brokerage's own systems; staff are none of their
    business."""
    found = rules.happened(entry.event, entry.detail, note)
    if found is not None and entry.user is not None and not entry.user.is_staff:
        services.tell(user=entry.user, at=entry.at, happened=found)
