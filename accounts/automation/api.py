"""``POST /api/v1/events``: the brokerage's own systems report what programs do."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Router, Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from accounts.automation import taking
from accounts.automation.rules import Kind
from accounts.automation.taking import Happened, Refusal
from accounts.marks import open_to_systems
from accounts.origin import Origin
from accounts.problems import Problem
from accounts.shapes import AMOUNT, ID, LINE, Account, Moment, moment, no_account, unsound
from accounts.systems import PLATFORM, Scope

router = Router(tags=["deliveries"])


def _whole(value: Any) -> Any:
    # In JSON 60.0 is an integer.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Program = Annotated[str, StringConstraints(max_length=60, pattern=LINE)]


class _Reported(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, StringConstraints(pattern=ID)] = Field(
        examples=["calls-7f3a-000412"], description="Of this event, in your system, for ever."
    )
    account: Account
    at: Moment = Field(description="When it was, RFC 3339; a day ago at most.")


class CallsSent(_Reported):
    """A program made ``count`` calls in the ``seconds`` that ended then."""

    kind: Literal["api_calls"]
    program: Program = Field(examples=["Rebalancer"], description="The token, by its name.")
    count: Whole = Field(ge=1, le=10_000_000, examples=[480])
    seconds: Whole = Field(ge=1, le=3600, examples=[60])


class BankSent(_Reported):
    """There is a new bank instruction."""

    kind: Literal["bank_instruction"]
    destination: Annotated[str, StringConstraints(max_length=70, pattern=LINE)] = Field(
        examples=["DE89 3704 0044 0532 0130 00"], description="Its last four signs are told."
    )


class OrderSent(_Reported):
    """An order was given, worth ``amount`` US dollars."""

    kind: Literal["order"]
    amount: Annotated[str, StringConstraints(pattern=AMOUNT)] = Field(examples=["90000.00"])
    interface: Literal["api", "tws_api", "tws", "webtrader", "mobile", "portal"]
    program: Program | None = Field(None, examples=["Rebalancer"])


class Noted(Schema):
    """``repeated``: it was known, and changed nothing. ``stopped``: it met a rule that stopped all
    automation of a user just now."""

    id: str
    repeated: bool
    stopped: bool


EVENT = Body(..., discriminator="kind")


@router.post("/events", url_name="events", response=Noted, summary="Report an event")
@open_to_systems(Scope.EVENTS)
def report(request: HttpRequest, sent: CallsSent | BankSent | OrderSent = EVENT) -> dict[str, Any]:
    """Keeps the event and judges the rules of everybody on the account. In any order, and as often
    as you like: an id that is known changes nothing, and is a 409 with anything else in it."""
    origin = Origin(address=request.origin.address, platform=PLATFORM, agent=request.auth)
    taken = taking.take(_read(sent), system=request.auth, origin=origin)
    if taken is Refusal.ACCOUNT:
        raise no_account()
    if taken is Refusal.OTHER:
        raise Problem(409, "That id stands for another event.", reason=taken.value)
    if isinstance(taken, Refusal):
        raise unsound("That time is too long ago, or still to come.", taken.value)
    return {"id": sent.id, "repeated": taken.repeated, "stopped": taken.stopped}


def _read(sent: CallsSent | BankSent | OrderSent) -> Happened:
    amount = getattr(sent, "amount", None)
    return Happened(
        id=sent.id,
        account=sent.account,
        kind=Kind(sent.kind),
        at=moment(sent.at, reason="at"),
        source=getattr(sent, "program", None) or "",
        count=getattr(sent, "count", None),
        seconds=getattr(sent, "seconds", None),
        amount=None if amount is None else Decimal(amount),
        interface=getattr(sent, "interface", ""),
        destination=getattr(sent, "destination", ""),
    )
