"""What the pages of tokens show."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.api_tokens import rules, wording
from accounts.api_tokens.models import ApiToken, Call
from accounts.users.models import User

CALLS = 25
ENDED = 10  # tokens that are over and still shown


@dataclass(frozen=True, slots=True)
class Card:
    """A token in words. ``end`` says why it is over, "" while it lives."""

    row: ApiToken
    scopes: list[str]
    reads_only: bool
    unused: list[str]
    end: str


def card(row: ApiToken) -> Card:
    """``row`` in words."""
    return Card(
        row=row,
        scopes=[wording.scope(one) for one in row.scopes],
        reads_only=wording.reads_only(row),
        unused=[wording.scope(one) for one in row.unused] if row.used_at else [],
        end="" if row.is_live(timezone.now()) else wording.end(row),
    )


def listing(user: User) -> dict[str, Any]:
    """Live tokens and the last that are over. Two queries."""
    now = timezone.now()
    mine = ApiToken.objects.filter(user=user.pk).order_by("-created_at")
    over = mine.exclude(revoked_at=None, expires_at__gt=now)
    return {
        "live": [card(row) for row in mine.filter(revoked_at=None, expires_at__gt=now)],
        "over": [card(row) for row in over[:ENDED]],
        "stopped_at": user.automation_stopped_at,
        "handles": [
            (days or 0, wording.handle(days), days == user.automation_days)
            for days in (None, *rules.HANDLES)
        ],
    }


def log(row: ApiToken, before: str) -> dict[str, Any]:
    """Calls of a token, newest first, older than the key ``before``. One query."""
    calls = Call.objects.filter(token=row).order_by("-id")
    if before.isascii() and before.isdigit() and len(before) < 16:
        calls = calls.filter(pk__lt=int(before))
    found = list(calls[: CALLS + 1])
    older = str(found[CALLS - 1].pk) if len(found) > CALLS else ""
    return {"calls": found[:CALLS], "older": older, "is_first": not before}
