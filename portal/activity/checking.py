"""Is the record as it was written? What we say, and what a browser computes with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.audit import checkpoints
from accounts.audit import services as audit
from accounts.audit.models import Entry
from accounts.users.models import User

SIZE = 500
# A longer chain is computed by the browser alone: a page must not take seconds.
SERVER_MOST = 5000


@dataclass(frozen=True, slots=True)
class Check:
    """``number`` and ``digest`` are the head of the chain. ``broken`` is the first entry that is
    not as it was, None for a whole chain; it is known only where ``was_computed``."""

    number: int
    digest: str
    was_computed: bool
    broken: int | None
    signed_number: int | None
    signed_at: datetime | None


def owner(user_id: int) -> User:
    """The row that holds the head now, whatever the request has read before."""
    return User.objects.only("audit_number", "audit_head").get(pk=user_id)


def check(user_id: int) -> Check:
    """What we say of the record ourselves."""
    user = owner(user_id)
    number, digest = audit.head_of(user)
    last = checkpoints.latest(user_id)
    computes = number <= SERVER_MOST
    return Check(
        number=number,
        digest=digest,
        was_computed=computes,
        broken=_first(audit.verify(user), checkpoints.broken(user)) if computes else None,
        signed_number=last.number if last else None,
        signed_at=last.at if last else None,
    )


def _first(*numbers: int | None) -> int | None:
    return min((one for one in numbers if one is not None), default=None)


def entries(user_id: int, *, after: int) -> dict[str, Any]:
    """The head, and up to ``SIZE`` entries: number, digest, and the text that the digest is made
    of with the one before."""
    number, digest = audit.head_of(owner(user_id))
    rows = Entry.objects.filter(user=user_id, number__gt=after, number__lte=number)
    return {
        "number": number,
        "digest": digest,
        "entries": [
            {"number": row.number, "digest": row.digest, "content": row.content().decode()}
            for row in rows.order_by("number")[:SIZE]
        ],
    }
