"""What a grant is bound to, and how far a pending request has come. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

HELD = timedelta(minutes=5)  # until the password is given
GRANTED = timedelta(minutes=5)  # until the grant is used

CSRF_FIELD = "csrfmiddlewaretoken"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SECRET = re.compile(
    r"(?i)(^|[^a-z])(password|passwd|passcode|passphrase|code|pin|otp|secret|token|answer|response)"
    r"([^a-z]|$)"
)


class Stage(StrEnum):
    """What is asked for next."""

    PASSWORD = "password"  # noqa: S105
    CODE = "code"
    CONFIRM = "confirm"
    USED = "used"
    OVER = "over"


def stage(
    now: datetime,
    *,
    expires_at: datetime,
    password_at: datetime | None,
    granted_at: datetime | None,
    used_at: datetime | None,
) -> Stage:
    """Where a pending request stands at ``now``."""
    if used_at is not None:
        return Stage.USED
    if now >= expires_at:
        return Stage.OVER
    if granted_at is not None:
        return Stage.CONFIRM
    return Stage.CODE if password_at is not None else Stage.PASSWORD


def digest(
    *,
    action: str,
    path: str,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    query: str,
    fields: Iterable[tuple[str, str]],
) -> str:
    """SHA-256 (hex) of action, address and sorted fields: what exactly was proven for.

    Several views share an action and its arguments, and do different things: the path tells them
    apart. The query string counts too: a view could read it.
    """
    canonical = json.dumps(
        {
            "action": action,
            "path": path,
            "args": [str(arg) for arg in args],
            "kwargs": {name: str(value) for name, value in kwargs.items()},
            "query": query,
            "fields": sorted(fields),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def secrets_among(names: Iterable[str]) -> list[str]:
    """The fields whose names say that they hold a password, code or PIN: never to be kept."""
    return [name for name in names if _SECRET.search(name.replace("_", "-"))]
