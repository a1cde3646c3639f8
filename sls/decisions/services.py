from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import joined
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import rules as roles
from accounts.client_accounts.models import Membership
from accounts.client_accounts.services import locked_on_account, on_account
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.decisions import asking, rules, withdrawing
from sls.decisions.models import AllowedOrder, Withdrawal
from sls.decisions.orders import Judged
from sls.decisions.rules import Action, Decision, Facts, Outcome, Reason, Request
from sls.decisions.withdrawing import Asking
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.methods.rules import Place

PROVEN = timedelta(minutes=5)  # in which a proof is used
STOPS = {
    Action.WITHDRAW: (What.WITHDRAWALS,),
    # Nobody says of an order that it closes a position: what stops opening stops every one.
    Action.ORDER: (What.TRADING, What.OPENING),
    Action.SETTINGS: (What.SETTINGS,),
    Action.VIEW: (),
}

PROVEN_BY = (Action.WITHDRAW, Action.SETTINGS)  # only these ask which methods somebody has


@dataclass(frozen=True, slots=True)
class Decided:
    """``withdrawal`` is what the person has to prove, ``entry`` where the record tells of it."""

    decision: Decision
    withdrawal: Withdrawal | None = None
    entry: Entry | None = None


def decide(*, session: str, wanted: Request, origin: Origin) -> Decided:
    """The decision for the session whose key begins so. Raises ``KeyError`` for a currency that has
    no rate."""
    with transaction.atomic():
        row, now = asking.locked(session), timezone.now()
        if row is None or asking.is_over(row, now):
            return Decided(Decision(Outcome.REFUSED, Reason.SESSION))
        user = row.user
        # Of two users of an account at once, one sees what the other has withdrawn or ordered, and
        # what an owner has lowered.
        locks = wanted.action in (Action.WITHDRAW, Action.ORDER)
        find = locked_on_account if locks else on_account
        here = find(user_id=user.pk, number=wanted.account)
        known = _known(row, wanted, now)
        is_order, is_money = wanted.action is Action.ORDER, wanted.action is Action.WITHDRAW
        money = Asking(row, wanted, known["asked"], now) if is_money else None
        asked = money and money.asked
        order = Judged(wanted.account, wanted.order, now) if is_order else None
        facts = _facts(row, here, wanted, known, asked, now, order)
        decision = rules.decide(wanted.action, facts, now=now, money=money and money.facts)
        if order is not None and decision.outcome is Outcome.ALLOWED:
            order.keep()
        with audit.together(user):
            if money is not None:
                money.settle(decision.outcome)
            entry = _record(row, user, wanted, decision, asked, origin)
    waits = decision.outcome is Outcome.STEP_UP
    return Decided(decision, asked if waits else None, entry)


def _known(row: Session, wanted: Request, now: datetime) -> dict[str, list]:
    """What decides about the action besides session and role, in one query at most: ``stopping``,
    ``devices`` and ``asked``, as far as it comes to that."""
    user_id, reads = row.user_id, {}
    if STOPS[wanted.action]:
        reads["stopping"] = holds.reading(user_id=user_id, account=wanted.account, now=now)
    if wanted.action in PROVEN_BY:
        reads["devices"] = registry.reading(user_id)
    if wanted.action is Action.WITHDRAW:
        reads["asked"] = withdrawing.reading(row, wanted, now)
    return dict(zip(reads, joined.read(*reads.values()), strict=True))


def _facts(
    row: Session,
    here: Membership | None,
    wanted: Request,
    known: dict[str, list],
    asked: Withdrawal | None,
    now: datetime,
    order: Judged | None,
) -> Facts:
    user, stops = row.user, STOPS[wanted.action]
    fresh = asked is not None and asked.proven_at is not None and now < asked.proven_at + PROVEN
    return Facts(
        platform=row.platform,
        may=roles.rights(here.role, second_name=here.second_name) if here else (),
        offered=roles.OFFERS.get(row.platform, frozenset()),
        method=row.method,
        held=held(known.get("devices", ())),
        holds=[until for what, until in known.get("stopping", ()) if what in stops],
        proof=asked.method if fresh else "",
        enrol_only=row.is_enrol_only,
        password_demanded=user.password_demanded_at is not None,
        automation_stopped=user.automation_stopped_at is not None,
        opted_out=user.opted_out,
        narrowed=narrowed(user, row.platform),
        for_algorithms=here is not None and here.account.for_algorithms,
        opens_at=here.account.money_opens_at if here else None,
        breach=order.breach if order else None,
    )


def narrowed(user: User, platform: str) -> frozenset[str]:
    """What the person has taken off the interface."""
    only, no_money = user.phone_views_only, user.phone_moves_no_money
    return roles.narrowed(platform, views_only=only, moves_no_money=no_money)


def held(devices: Iterable[DeviceRow]) -> dict[str, bool]:
    """Those methods of ``devices`` that prove a withdrawal, strongest first, and whether each lives
    on the phone."""
    rows = [row for row in devices if _proves(row.method)]
    rows.sort(key=lambda row: -registry.get(row.method).strength)
    on_phone: dict[str, bool] = {}
    for row in rows:
        is_there = row.lives_on in (Place.PHONE, Place.SIM)
        on_phone[row.method] = on_phone.get(row.method, True) and is_there
    return on_phone


def _proves(code: str) -> bool:
    """Codes that were printed or handed out open no money (``step_up`` has the same rule)."""
    method = registry.get(code)
    return method.permanent or bool(method.channels)


def _record(
    row: Session,
    user: object,
    wanted: Request,
    decision: Decision,
    asked: Withdrawal | None,
    origin: Origin,
) -> Entry | None:
    """What moves money is always written down, everything else where it was not allowed."""
    if asked is None and decision.outcome is Outcome.ALLOWED:
        return None
    detail = {
        "action": wanted.action.value,
        "account": wanted.account,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "platform": row.platform,
    }
    if asked is not None:
        detail |= {"amount": f"{asked.amount:.2f}", "currency": asked.currency}
        detail |= {"method": asked.method} if asked.allowed_at else {}
    event = Event.WITHDRAWAL_ALLOWED if asked and asked.allowed_at else Event.DECIDED
    return audit.record(event, user=user, origin=origin, actor="system", detail=detail)


def find(*, user_id: int, pk: object) -> Withdrawal | None:
    """A withdrawal of the user that can still be proven."""
    mine = Withdrawal.objects.filter(user_id=user_id, pk=pk, allowed_at=None)
    return mine.filter(expires_at__gt=timezone.now()).first()


def prove(*, user_id: int, pk: object, device: str, origin: Origin) -> bool:
    """Exactly this withdrawal was proven by the authenticator ``device`` (persistent id). False
    when it cannot be proven any more, or not by that."""
    method = next((row.method for row in registry.devices(user_id) if row.id == device), "")
    if not method:
        return False
    with transaction.atomic():
        user, now = audit.lock(user_id), timezone.now()
        mine = Withdrawal.objects.filter(
            pk=pk, user_id=user_id, allowed_at=None, expires_at__gt=now
        )
        asked = mine.first()
        if asked is None or not asked.is_shown:
            return False
        asked.method, asked.proven_at, asked.expires_at = method, now, now + PROVEN
        asked.save(update_fields=["method", "proven_at", "expires_at"])
        detail = {
            "method": method,
            "account": asked.account,
            "amount": f"{asked.amount:.2f}",
            "currency": asked.currency,
        }
        audit.record(Event.WITHDRAWAL_PROVEN, user=user, origin=origin, detail=detail)
        return True


def purge() -> int:
    """Deletes what was asked and not allowed, and what counts no more. Returns how many."""
    now = timezone.now()
    old = Withdrawal.objects.filter(allowed_at=None, expires_at__lt=now - timedelta(days=1))
    done = Withdrawal.objects.filter(allowed_at__lt=now - timedelta(days=90))
    orders = AllowedOrder.objects.filter(at__lt=now - timedelta(days=1))
    return old.delete()[0] + done.delete()[0] + orders.delete()[0]
