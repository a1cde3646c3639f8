"""Whether a session may do something, and what is missing if not. Pure.

Amounts are US dollars.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from accounts.ceilings.rules import Breach, Order
from sls.withdrawals import rules as limits
from sls.withdrawals.rules import Above, Limit, Spent, Table


class Action(StrEnum):
    """What a session may want to do."""

    VIEW = "view"
    ORDER = "order"
    WITHDRAW = "withdraw"
    SETTINGS = "settings"

    @property
    def right(self) -> str:
        """What it takes on the account."""
        return {"order": "trade", "withdraw": "fund"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Request:
    """What a session wants to do on an account. ``currency`` and what follows are of money."""

    action: Action
    account: str
    amount: Decimal | None = None
    currency: str = "USD"
    destination: str = ""
    order: Order = field(default_factory=Order)


class Outcome(StrEnum):
    """What is decided."""

    ALLOWED = "allowed"
    STEP_UP = "needs_step_up"
    HELD = "held_until"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why it is decided so."""

    SESSION = "session"  # there is no such session, or it has ended
    ROLE = "role"  # the role on the account does not give it
    INTERFACE = "interface"  # the platform does not offer it
    ENROL = "enrol"  # first a stronger authenticator is to be enrolled
    PASSWORD = "password"  # noqa: S105 (first a new password is to be chosen)
    STOPPED = "stopped"  # the owner has stopped all automation
    NARROWED = "narrowed"  # the person has taken it off this interface
    ALGORITHMS = "algorithms"  # the account is for algorithms, and moves no money (yet)
    HOLD = "hold"
    PROOF = "proof"  # a fresh proof of this very request
    PHONE = "phone"  # from a phone, by something that is not that phone
    LIMIT = "limit"
    # An order, against the ceilings of the account.
    UNTOLD = Breach.UNTOLD
    FIGURES = Breach.FIGURES
    ORDER_SIZE = Breach.ORDER
    POSITION = Breach.POSITION
    MARGIN = Breach.MARGIN
    NONE = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a session and what it wants.

    ``method`` is what opened it, ``proof`` what has proven this very request since, or "".
    ``held`` are the methods that the person has, with whether each lives on the phone;
    ``holds`` until when what is asked for is held, None for a hold without end; ``breach`` why an
    order is not within the ceilings of the account. ``narrowed`` are rights that the person has
    taken off the interface. From an account ``for_algorithms`` money leaves from ``opens_at`` on,
    never where that is None.
    """

    platform: str
    may: Collection[str]  # rights of the role on the account
    offered: Collection[str]  # rights that the interface offers
    method: str
    held: Mapping[str, bool]
    holds: Collection[datetime | None] = ()
    proof: str = ""
    enrol_only: bool = False
    password_demanded: bool = False
    automation_stopped: bool = False
    opted_out: bool = False
    narrowed: Collection[str] = ()
    for_algorithms: bool = False
    opens_at: datetime | None = None
    breach: Breach | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """What leaves, what has left before, and the limits that apply."""

    amount: Decimal
    spent: Spent
    table: Table
    high: Decimal  # from which amount on a phone does not prove alone


@dataclass(frozen=True, slots=True)
class Decision:
    """``methods`` are those by which a proof would do, best first; ``left`` is what could still
    leave today; ``until`` is when a hold ends, None where it has no end."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    methods: Collection[str] = ()
    until: datetime | None = None
    left: Limit | None = None


def decide(action: Action, facts: Facts, *, now: datetime, money: Money | None = None) -> Decision:
    """The one decision. What is not permitted at all comes first, then what waits, then what is
    to be proven. ``money`` is there for a withdrawal, and for nothing else."""
    if reason := _never(action, facts):
        return Decision(Outcome.REFUSED, reason)
    running = [at for at in facts.holds if at is None or at > now]
    opens = facts.opens_at if action is Action.WITHDRAW and facts.for_algorithms else None
    if opens is not None and opens > now:
        ends = None if None in running else max([*running, opens])
        return Decision(Outcome.HELD, Reason.ALGORITHMS, until=ends)
    if running:
        ends = None if None in running else max(running)
        return Decision(Outcome.HELD, Reason.HOLD, until=ends)
    if action is Action.WITHDRAW:
        if money is None:
            raise ValueError("a withdrawal has an amount")
        return _withdraw(facts, money, now=now)
    if facts.breach is not None:
        return Decision(Outcome.REFUSED, Reason(facts.breach.value))
    if action is Action.SETTINGS and not facts.proof:
        return Decision(Outcome.STEP_UP, Reason.PROOF, methods=list(facts.held))
    return Decision(Outcome.ALLOWED)


def _never(action: Action, facts: Facts) -> Reason | None:
    if action.right not in facts.may:
        return Reason.ROLE
    if action.right not in facts.offered:
        return Reason.INTERFACE
    if action.right in facts.narrowed:
        return Reason.NARROWED
    if action is Action.WITHDRAW and facts.for_algorithms and facts.opens_at is None:
        return Reason.ALGORITHMS
    if facts.password_demanded:
        return Reason.PASSWORD
    if facts.enrol_only:
        return Reason.ENROL
    if facts.automation_stopped and facts.platform == "api" and action is not Action.VIEW:
        return Reason.STOPPED
    return None


def _withdraw(facts: Facts, money: Money, *, now: datetime) -> Decision:
    """The limit follows what proved this very withdrawal, not what opened the session."""
    enough = [method for method in facts.held if _fits(method, facts, money, now=now)]
    if not enough:
        left = _within(_best(facts, money), facts, money, now=now).left
        return Decision(Outcome.REFUSED, Reason.LIMIT, left=left)
    if facts.proof in enough:
        within = _within(facts.proof, facts, money, now=now)
        return Decision(Outcome.ALLOWED, left=within.left)
    return Decision(Outcome.STEP_UP, _missing(facts, money, now=now), methods=enough)


def _missing(facts: Facts, money: Money, *, now: datetime) -> Reason:
    """What a proof that was given lacks, or that there is none."""
    if not facts.proof:
        return Reason.PROOF
    above = isinstance(_within(facts.proof, facts, money, now=now), Above)
    return Reason.LIMIT if above else Reason.PHONE


def _fits(method: str, facts: Facts, money: Money, *, now: datetime) -> bool:
    is_alone = _from_phone(facts) and facts.held[method] and money.amount >= money.high
    return not (is_alone or isinstance(_within(method, facts, money, now=now), Above))


def _from_phone(facts: Facts) -> bool:
    return facts.platform.startswith("mobile")


def _within(method: str, facts: Facts, money: Money, *, now: datetime) -> limits.Decision:
    return limits.decide(
        money.amount,
        method=method,
        table=money.table,
        spent=money.spent,
        now=now,
        opted_out=facts.opted_out,
    )


def _best(facts: Facts, money: Money) -> str:
    return limits.best(facts.held, table=money.table, opted_out=facts.opted_out)
