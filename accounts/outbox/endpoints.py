"""Where notifications go: subscriptions of apps to the push services of their browsers (RFC 8030).

A subscription is an address that somebody names, so only known push services are taken
(``IB_KEY_PUSH_HOSTS``), when it is named and again when it is called. One that its push service
calls over is emptied, and who holds it sees that by ``gone_at``.
"""

import base64
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts import gathered, vault
from accounts.joined import Read
from accounts.outbox.errors import GONE
from accounts.outbox.models import Endpoint
from accounts.prepared import prepared

MOST = 5  # of a user; each person has one active phone


def server_key() -> str:
    """What browsers bind a subscription to: the point of the server's key, Base64url."""
    numbers = vault.push_key().public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def is_push_service(address: str) -> bool:
    """Whether an address is one of a push service that we deliver to."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    named = any(fnmatchcase(host, one) for one in settings.IB_KEY_PUSH_HOSTS)
    is_safe = parts.scheme == "https" or (not settings.PRODUCTION and host == "localhost")
    return named and is_safe and parts.username is None


def keep(user_id: int, subscription: Mapping[str, Any]) -> Endpoint:
    """Keeps where notifications of a user go; the caller remembers the row."""
    endpoint = Endpoint(user_id=user_id, created_at=timezone.now())
    endpoint.put(dict(subscription))
    endpoint.save(force_insert=True)
    return endpoint


def drop(endpoint_id: UUID | None) -> None:
    """Forgets one that no row points to any more; what is queued for it is not sent."""
    if endpoint_id is not None:
        gathered.drop(Endpoint.objects.filter(pk=endpoint_id))
        _dropped().add(endpoint_id)


def is_dropped(endpoint_id: UUID) -> bool:
    """Whether one goes with what waits to be written. No query."""
    return endpoint_id in _dropped()


def _dropped() -> set[UUID]:
    return gathered.known().setdefault("dropped endpoints", set())


def of(user_id: int) -> list[UUID]:
    """The ones of a user that are not over, newest first. One query."""
    return reading(user_id).alone()


def reading(user_id: int) -> Read[list[UUID]]:
    """``of``, to be read along with something else."""
    return Read(_of_user, {"user_id": user_id}, lambda found: [pk for (pk,) in found])


@prepared
def _of_user(user_id: int) -> QuerySet[tuple[UUID]]:
    rows = Endpoint.objects.filter(user_id=user_id, gone_at=None).order_by("-created_at")
    return rows.values_list("pk")[:MOST]


def subscription(to: str) -> dict[str, Any] | None:
    """Where a message goes; None where that is over, or no push service of ours any more."""
    try:
        endpoint = Endpoint.objects.filter(pk=to, gone_at=None).first()
    except ValidationError:
        return None
    if endpoint is None:
        return None
    opened = endpoint.opened()
    return opened if is_push_service(opened["endpoint"]) else None


def accept(to: str) -> None:
    """The push service took a message."""
    Endpoint.objects.filter(pk=to).update(accepted_at=timezone.now())


def refuse(to: str, code: int) -> None:
    """The push service did not take a message, for good where it says so."""
    now = timezone.now()
    told: dict[str, Any] = {"refused_at": now, "refused_with": min(code, 999)}
    if code in GONE:
        told |= {"gone_at": now, "subscription": None}
    Endpoint.objects.filter(pk=to).update(**told)
