"""Messages page by page, newest first: where a page ends, and what is older."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from accounts.outbox.models import Message


def key_of(message: Message) -> str:
    """What stands in the address of the next page."""
    return f"{message.created_at.isoformat()}_{message.pk}"


def older(key: str) -> Q:
    """The messages behind the one of ``key``; every one where it is the key of none."""
    at, _separator, pk = key.partition("_")
    try:
        told, row = datetime.fromisoformat(at), UUID(pk)
        moment = told.astimezone(UTC)
    except (ValueError, OverflowError):  # before the first year, or after the last
        return Q()
    if told.tzinfo is None:
        return Q()
    # The bound is implied, and what an index is searched by.
    return Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=row))
