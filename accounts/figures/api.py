"""``POST /api/v1/figures``: the brokerage's own systems deliver balances and positions."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from accounts.figures import services
from accounts.figures.rules import Figures, Position, Refusal
from accounts.marks import open_to_systems
from accounts.problems import Problem
from accounts.shapes import SYMBOL, Account, Moment, moment, no_account, unsound
from accounts.systems import Scope

router = Router(tags=["deliveries"])
MOST = 2000  # positions of one account
_AMOUNT = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?$"
_FROM_ZERO = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?$"

Amount = Annotated[str, StringConstraints(pattern=_AMOUNT)]
FromZero = Annotated[str, StringConstraints(pattern=_FROM_ZERO)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class PositionSent(Schema):
    """What is held of one symbol; a short position has a quantity below zero."""

    model_config = ConfigDict(extra="forbid", strict=True)

    symbol: Annotated[str, StringConstraints(pattern=SYMBOL)] = Field(examples=["AAPL"])
    quantity: Amount = Field(examples=["120"])
    value: Amount = Field(examples=["33120.00"])
    currency: Currency = Field(examples=["USD"])


class FiguresSent(Schema):
    """All of an account. ``cash``, ``net_liquidation`` and ``margin_used`` are in ``currency``; a
    position that is missing is not held any more."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: Account
    as_of: Moment = Field(description="As of when, RFC 3339.")
    currency: Currency = Field(examples=["USD"])
    cash: Amount = Field(examples=["120500.25"])
    net_liquidation: Amount = Field(examples=["750000.00"])
    margin_used: FromZero = Field(examples=["80000.00"])
    positions: Annotated[list[PositionSent], Field(max_length=MOST)]


class Kept(Schema):
    """What is shown from now on."""

    account: str
    as_of: datetime
    positions: int


@router.post("/figures", url_name="figures", response=Kept, summary="Deliver balances")
@open_to_systems(Scope.FIGURES)
def deliver(request: HttpRequest, sent: FiguresSent) -> dict[str, Any]:
    """Balances and positions of an account, in place of those delivered before. The same again is
    the same; what is older than what is there is a 409 and changes nothing."""
    figures = _figures(sent)
    refused = services.deliver(number=sent.account, figures=figures, system=request.auth)
    if refused is Refusal.ACCOUNT:
        raise no_account()
    if refused is Refusal.OLDER:
        raise Problem(409, "Newer figures are there.", reason=refused.value)
    if refused is Refusal.FUTURE:
        raise unsound("That time is still to come.", refused.value)
    return {"account": sent.account, "as_of": figures.as_of, "positions": len(figures.positions)}


def _figures(sent: FiguresSent) -> Figures:
    positions = {
        one.symbol: Position(_decimal(one.quantity), _decimal(one.value), one.currency)
        for one in sent.positions
    }
    if len(positions) != len(sent.positions):
        raise unsound("A symbol comes twice.", "symbol")
    return Figures(
        as_of=moment(sent.as_of, reason="as_of"),
        currency=sent.currency,
        cash=_decimal(sent.cash),
        net_liquidation=_decimal(sent.net_liquidation),
        margin_used=_decimal(sent.margin_used),
        positions=positions,
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text) + 0  # "-0" is zero
