"""What programs may ask of an account."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from accounts import references
from accounts.api_tokens.rules import Scope
from accounts.audit.models import Entry
from accounts.client_accounts.rules import rights
from accounts.client_accounts.services import of_user
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.holds import services as holds
from accounts.marks import open_to_tokens
from accounts.sessions.models import Session
from portal.activity import words
from sls.methods import registry

router = Router(tags=["account"])
PAGE = 50


class Account(Schema):
    """An account, the owner's role on it and what it lets them do."""

    number: str
    entity: str
    role: str
    rights: list[str]


class Held(Schema):
    """Something that waits; ``until`` is null for what waits for the end of a freeze."""

    what: str
    why: str
    until: datetime | None


class Accounts(Schema):
    """All accounts of the owner, and what is held."""

    accounts: list[Account]
    holds: list[Held]


class Happening(Schema):
    """An entry of the record."""

    number: int
    at: datetime
    event: str
    text: str
    cause: str
    reference: str


class Happenings(Schema):
    """Newest first; ``before`` asks for the next older ones, null at the end."""

    entries: list[Happening]
    before: int | None


class Authenticator(Schema):
    """A way to prove who signs in; no number, no name."""

    method: str
    label: str


class Security(Schema):
    """How signing in is protected."""

    authenticators: list[Authenticator]
    sessions: int
    ip_restrictions: bool


class Frozen(Schema):
    """The freeze that is on."""

    reference: str
    at: datetime


@router.get("/account", response=Accounts)
@open_to_tokens(Scope.ACCOUNT)
def account(request: HttpRequest) -> dict[str, object]:
    """Accounts, roles, and what is held. A token of an account for algorithms reads that one, every
    other token all others."""
    token = request.caller.row
    user_id = token.user_id
    return {
        "accounts": [
            {
                "number": one.account.number,
                "entity": one.account.entity,
                "role": one.role,
                "rights": sorted(rights(one.role, second_name=one.second_name)),
            }
            for one in of_user(user_id)
            if one.account_id == token.account_id
            or (token.account_id is None and not one.account.for_algorithms)
        ],
        "holds": list(holds.of_user(user_id, timezone.now()).order_by("what")),
    }


@router.get("/activity", response=Happenings)
@open_to_tokens(Scope.ACTIVITY)
def activity(request: HttpRequest, before: int = Query(2**62, ge=1, lt=2**63)) -> dict:
    """The record, ``PAGE`` entries at a time."""
    mine = Entry.objects.filter(user=request.caller.row.user_id, number__lt=before)
    rows = list(mine.order_by("-number")[: PAGE + 1])
    lines = [(row, words.line(row)) for row in rows[:PAGE]]
    return {
        "entries": [
            {
                "number": row.number,
                "at": row.at,
                "event": row.event,
                "text": line.label,
                "cause": line.cause,
                "reference": line.reference,
            }
            for row, line in lines
        ],
        "before": rows[PAGE - 1].number if len(rows) > PAGE else None,
    }


@router.get("/security", response=Security)
@open_to_tokens(Scope.SECURITY)
def security(request: HttpRequest) -> dict[str, object]:
    """Authenticators, sessions and restrictions, without anything that names them."""
    user = request.caller.row.user
    sessions = Session.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now())
    return {
        "authenticators": [
            {"method": row.method, "label": str(registry.get(row.method).label)}
            for row in registry.devices(user.pk)
        ],
        "sessions": sessions.count(),
        "ip_restrictions": bool(user.restrictions),
    }


@router.post("/freeze", response=Frozen)
@open_to_tokens(Scope.FREEZE)
def freeze(request: HttpRequest) -> dict[str, object]:
    """ "This was not me": stops everything, this token too. Thawing takes the owner."""
    made = freezes.freeze(
        user_id=request.caller.row.user_id,
        origin=request.token_origin,
        how=How.API,
        trading=Trading.CLOSE_ONLY,
    )
    return {"reference": references.shown(made.reference), "at": made.at}
