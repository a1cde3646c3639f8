"""``/api/v1/transactions``: the brokerage's own systems have clients asked, and learn what they
said."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from accounts.marks import open_to_systems
from accounts.origin import Origin
from accounts.problems import Problem
from accounts.shapes import AMOUNT, ID, LINE, Account, Moment, moment, no_account, unsound
from accounts.systems import PLATFORM, Scope
from accounts.transactions import rules, services, taking
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.services import Flagged
from accounts.transactions.taking import Refusal, Reported

router = Router(tags=["transactions"])
USER_NAME = "^[a-z0-9][a-z0-9._-]{2,31}$"
Id = Annotated[str, StringConstraints(pattern=ID)]

_UNSOUND = {
    Refusal.WHAT: "Nothing of that text can be read.",
    Refusal.LATE: "That time is too long ago.",
    Refusal.FUTURE: "That time is still to come.",
}
_CONFLICT = {
    Refusal.OWNER: "The account has no such owner, or several: say which of them is asked.",
    Refusal.CLOSED: "The owner cannot sign in any more, so nobody answers. Nothing was held.",
    Refusal.MANY: "As much waits for this client as they can answer. Their withdrawals are held.",
    Refusal.OTHER: "That id stands for another transaction.",
}


class TransactionSent(Schema):
    """A transaction that looked unusual. ``what`` says to whom it goes, or of what it is; the owner
    reads it in the portal and hears it on a call, and nothing of it is in a mail."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Id = Field(
        examples=["fraud-2026-004471"], description="Of this transaction, in your system, for ever."
    )
    account: Account
    owner: Annotated[str, StringConstraints(pattern=USER_NAME)] | None = Field(
        None,
        examples=["alice"],
        description="The user name of the owner who is asked, where the account has several.",
    )
    kind: Literal["withdrawal", "transfer", "order", "deposit", "other"]
    what: Annotated[str, StringConstraints(max_length=rules.WHAT_MAX, pattern=LINE)] = Field(
        examples=["Bank of Nowhere, account ending 4471"]
    )
    amount: Annotated[str, StringConstraints(pattern=AMOUNT)] = Field(examples=["25000.00"])
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] = Field(examples=["USD"])
    at: Moment = Field(description="When it was asked for, RFC 3339.")


class TransactionTold(Schema):
    """How it stands. ``held``: keep it back. ``reference`` is what the client and our staff call
    it. The client answers until ``until``; ``unanswered`` may still become ``not_mine``, or
    ``released`` by our staff, who have then spoken to the client."""

    id: str
    reference: str
    account: str
    state: Literal["waiting", "mine", "not_mine", "unanswered", "released"]
    held: bool
    until: datetime
    answered_at: datetime | None


@router.post(
    "/transactions",
    url_name="transactions",
    response={201: TransactionTold},
    summary="Have a client asked",
)
@open_to_systems(Scope.TRANSACTIONS)
def flag(request: HttpRequest, sent: TransactionSent) -> Status:
    """Asks the owner of the account whether the transaction is theirs, by every way that reaches
    them, and holds withdrawals until they have said so, also those of its other owners. The same
    again asks nobody and is answered as it stands; an id that is known is a 409 with anything else
    in it."""
    origin = Origin(address=request.origin.address, platform=PLATFORM, agent=request.auth)
    taken = taking.take(_read(sent), system=request.auth, origin=origin)
    if taken is Refusal.ACCOUNT:
        raise no_account()
    if taken in _CONFLICT:
        raise Problem(409, _CONFLICT[taken], reason=taken.value)
    if isinstance(taken, Refusal):
        raise unsound(_UNSOUND[taken], taken.value)
    return Status(201, _told(taken))


@router.get(
    "/transactions/{id}",
    url_name="transaction",
    response=TransactionTold,
    summary="What did the client say?",
)
@open_to_systems(Scope.TRANSACTIONS)
def tell(
    request: HttpRequest,
    id: Id = Path(  # noqa: A002, B008 - as it is called in the address
        ..., examples=["fraud-2026-004471"], description="That of your system."
    ),
) -> dict[str, Any]:
    """How a transaction stands that your system has flagged."""
    made = services.of_system(request.auth, id)
    if made is None:
        raise Problem(404, "Your system has flagged no such transaction.")
    return _told(made)


def _read(sent: TransactionSent) -> Reported:
    flagged = Flagged(
        kind=Kind(sent.kind),
        what=sent.what,
        amount=Decimal(sent.amount),
        currency=sent.currency,
        at=moment(sent.at, reason="at"),
        account=sent.account,
    )
    return Reported(sent.id, flagged, owner=sent.owner or "")


def _told(made: Transaction) -> dict[str, Any]:
    state = made.state
    return {
        "id": made.external,
        "reference": made.shown,
        "account": made.account,
        "state": state.value,
        "held": state in rules.HOLDING,
        "until": made.expires_at,
        "answered_at": made.answered_at,
    }
