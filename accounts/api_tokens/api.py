"""What a token may ask about itself, the switch, and the report of a found token."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from accounts import limits
from accounts.api_tokens import leaks, services
from accounts.api_tokens.rules import FORM, Scope
from accounts.marks import open_to_tokens, unmarked

router = Router(tags=["tokens"])


class Token(Schema):
    """A token as it describes itself; never its secret."""

    id: str
    name: str
    account: str | None = Field(description="The account for algorithms that alone it is for.")
    scopes: list[str]
    networks: list[str]
    created_at: datetime
    expires_at: datetime


class Stopped(Schema):
    """Whether automation is stopped; ``changed`` says that it was this call that did it."""

    stopped: bool
    changed: bool


class Leaked(Schema):
    """Texts that look like tokens and were found where they do not belong."""

    model_config = ConfigDict(extra="forbid")
    tokens: list[str] = Field(min_length=1, max_length=leaks.MOST)


class Thanks(Schema):
    """The same answer whatever was reported."""

    text: str


@router.get("/token", response=Token)
@open_to_tokens(None)
def token(request: HttpRequest) -> dict[str, object]:
    """The token that asks."""
    row = request.caller.row
    names = ("name", "scopes", "networks", "created_at", "expires_at")
    account = row.account and row.account.number
    return {"id": row.public, "account": account} | {name: getattr(row, name) for name in names}


@router.post("/automation/stop", response=Stopped)
@open_to_tokens(Scope.STOP)
def automation_stop(request: HttpRequest) -> dict[str, bool]:
    """Stops every token of the owner, this one too. The owner, signed in, starts them again."""
    user_id = request.caller.row.user_id
    changed = services.stop_automation(user_id=user_id, origin=request.token_origin)
    return {"stopped": True, "changed": changed}


@router.post("/leaks", response={202: Thanks})
@unmarked("whoever finds a token may have it revoked, and learns nothing by it")
def leaks_found(request: HttpRequest, found: Leaked) -> Status[dict[str, str]]:
    """Revokes the good ones among found tokens and tells their owners. Anybody may call."""
    limits.demand("leaks_per_address", request.origin.network)
    # A whole line of a file will do.
    texts = [match[0] for one in found.tokens for match in FORM.finditer(one[:2000])]
    leaks.report(texts, origin=request.origin)
    return Status(202, {"text": "Thank you. Tokens that are ours and still good were revoked."})
