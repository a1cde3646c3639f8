"""``POST /api/v1/decisions``: the brokerage's own systems ask what a session may do."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Body, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from accounts.alerts.facts import reference
from accounts.ceilings.rules import Order
from accounts.marks import open_to_systems
from accounts.origin import Origin
from accounts.shapes import AMOUNT, LINE, SYMBOL, Account
from accounts.systems import PLATFORM, Scope
from sls.decisions import services
from sls.decisions.rules import Action, Request

router = Router(tags=["decisions"])
CURRENCY = f"^({'|'.join(sorted(settings.CARD_FX))})$"
FROM_ZERO = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$"


class _Sent(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    session: Annotated[str, StringConstraints(pattern="^[0-9a-f]{12}$")] = Field(
        examples=["5be2f09a41c7"], description="The `id` that the session tells of itself."
    )
    account: Account


class AskedMoney(_Sent):
    """A withdrawal: how much, in decimal digits as text, and where to."""

    action: Literal["withdraw"]
    amount: Annotated[str, StringConstraints(pattern=AMOUNT)] = Field(examples=["300000.00"])
    currency: Annotated[str, StringConstraints(pattern=CURRENCY)] = Field("USD", examples=["USD"])
    destination: Annotated[str, StringConstraints(max_length=70, pattern=LINE)] = Field(
        examples=["DE89 3704 0044 0532 0130 00"]
    )


class AskedOrder(_Sent):
    """An order. Where the owner has set ceilings for the account, what they are held against has to
    be said; ``amount`` and ``margin`` are US dollars. ``margin`` is what the order would use, all
    of its amount where that is not said."""

    action: Literal["order"]
    amount: Annotated[str, StringConstraints(pattern=AMOUNT)] | None = Field(
        None, examples=["25000.00"]
    )
    symbol: Annotated[str, StringConstraints(pattern=SYMBOL)] | None = Field(
        None, examples=["AAPL"]
    )
    side: Literal["buy", "sell"] | None = Field(None, examples=["buy"])
    margin: Annotated[str, StringConstraints(pattern=FROM_ZERO)] | None = Field(
        None, examples=["12500.00"]
    )


class Asked(_Sent):
    """Anything else that a session may want to do."""

    action: Literal["view", "settings"]


class Answered(Schema):
    """``methods`` are those by which a proof would do, ``prove_at`` the page where the person sees
    exactly this withdrawal and proves it; then ask again. ``until`` is null for a hold without
    end; ``left_today`` null where there is no limit. ``entry`` finds it in the record."""

    outcome: Literal["allowed", "needs_step_up", "held_until", "refused"]
    reason: str
    methods: list[str]
    prove_at: str | None
    until: datetime | None
    left_today: str | None
    entry: str | None


ASKED = Body(..., discriminator="action")


@router.post("/decisions", url_name="decisions", response=Answered, summary="Decide")
@open_to_systems(Scope.DECISIONS)
def decide(request: HttpRequest, sent: AskedMoney | AskedOrder | Asked = ASKED) -> dict[str, Any]:
    """Decides, and writes down what was decided about money. An allowed withdrawal counts against
    the limits at once, and uses its proof up."""
    wanted = Request(Action(sent.action), sent.account)
    if isinstance(sent, AskedMoney):
        wanted = replace(
            wanted,
            amount=Decimal(sent.amount),
            currency=sent.currency,
            destination=sent.destination,
        )
    if isinstance(sent, AskedOrder):
        wanted = replace(wanted, order=_order(sent))
    origin = Origin(address=request.origin.address, platform=PLATFORM, agent=request.auth)
    decided = services.decide(session=sent.session, wanted=wanted, origin=origin)
    decision, page = decided.decision, None
    if decided.withdrawal is not None:
        path = reverse("withdrawal_prove", args=[decided.withdrawal.pk])
        page = f"{settings.PUBLIC_BASE_URL}{path}"
    left = decision.left.day if decision.left else None
    return {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "methods": list(decision.methods),
        "prove_at": page,
        "until": decision.until,
        "left_today": None if left is None else f"{left:.2f}",
        "entry": decided.entry and reference(decided.entry),
    }


def _order(sent: AskedOrder) -> Order:
    return Order(
        amount=_amount(sent.amount),
        symbol=sent.symbol or "",
        sells=None if sent.side is None else sent.side == "sell",
        margin=_amount(sent.margin),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
