import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import references
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.cases import rules as texts
from accounts.cases import services as cases
from accounts.cases.models import Kind as CaseKind
from accounts.client_accounts.models import Role
from accounts.client_accounts.services import locked_on_account, of_user
from accounts.holds import services as holds
from accounts.holds.models import What, Why
from accounts.origin import SYSTEM, Origin
from accounts.transactions import rules
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.rules import State
from accounts.users.models import User
from accounts.users.two import are_one

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flagged:
    """What is known of a transaction: to whom or of what (``what``), how much, when."""

    kind: Kind
    what: str
    amount: Decimal
    currency: str
    at: datetime
    account: str = ""


class OwnTransaction(ValueError):
    """Whoever of staff does this is the client, under whatever user name."""


class TakenId(ValueError):
    """The id stands for another client's transaction."""


class NotTheirs(ValueError):
    """It is no account of this client, or none of which a system may ask them."""


class CannotAnswer(ValueError):
    """The client cannot sign in any more."""


class TooMany(ValueError):
    """So much waits for this client that a system holds and asks nothing more."""


def flag(
    *,
    user_id: int,
    flagged: Flagged,
    origin: Origin,
    staff: User | None = None,
    external: str | None = None,
    system: str = "",
) -> Transaction:
    """Asks the client whether a transaction is theirs; withdrawals wait until they have said so,
    and where an account is named those of its other owners, too.

    ``external`` is the id in the ``system`` that watches: a second time it changes nothing, and
    the row of the first is returned. Raises ``ValueError`` for an amount that is none and for
    nothing said; ``NotTheirs``, ``TakenId``, ``OwnTransaction``; where a system asks also
    ``CannotAnswer`` and ``TooMany``.
    """
    what = texts.line(flagged.what, rules.WHAT_MAX)
    if not rules.is_amount(flagged.amount, flagged.currency):
        raise ValueError("no amount of money")
    if not what or len(external or "") > rules.EXTERNAL_MAX:
        raise ValueError("nothing said of it, or an id that is too long")
    with transaction.atomic():
        user = audit.lock(user_id)
        if staff is not None and are_one(user, staff):
            raise OwnTransaction
        if external and (known := of_system(system, external)):
            if known.user_id != user_id:
                raise TakenId("the id of another client's transaction")
            return known
        roles = {one.account.number: one.role for one in of_user(user_id)}
        if flagged.account and flagged.account not in roles:
            raise NotTheirs("no account of this client")
        now = timezone.now()
        is_called = bool(system) and _waits(user, roles.get(flagged.account), system, now)
        made = Transaction(
            reference=references.new(),
            user=user,
            kind=flagged.kind,
            what=what,
            account=flagged.account,
            amount=flagged.amount,
            currency=flagged.currency,
            at=flagged.at,
            flagged_at=now,
            expires_at=now + timedelta(hours=settings.TRANSACTION_ANSWER_HOURS),
            staff=staff,
            system=system,
            external=external or None,
        )
        made.entry = audit.record(
            Event.TRANSACTION_FLAGGED,
            user=user,
            origin=origin,
            actor=f"staff:{staff.username}" if staff else "system",
            detail=_detail(made) | {"until": made.expires_at.isoformat(timespec="minutes")},
            # One text message calls them; its budget is that of security codes.
            note={"no_text": is_called},
        )
        if made.account:
            # A withdrawal of another user that is being decided comes before the hold, or sees it.
            locked_on_account(user_id=user_id, number=made.account)
        made.hold = holds.keep(
            entry=made.entry,
            what=What.WITHDRAWALS,
            why=Why.TRANSACTION,
            account=made.account,
        )
        _put(made)
        return made


def _waits(user: User, role: str | None, system: str, now: datetime) -> bool:
    """Whether a question of a transaction waits for the client already. Raises where the system may
    not put another."""
    if role != Role.OWNER:
        raise NotTheirs("not the owner of that account")
    if not user.is_active:
        raise CannotAnswer
    asked = Transaction.objects.filter(user=user, stored__in=rules.RELEASABLE)
    ends = list(asked.values_list("expires_at", flat=True).order_by("-pk")[: rules.MOST_OPEN])
    if len(ends) == rules.MOST_OPEN:
        _log.warning("%s flags more transactions of one client than they could answer", system)
        raise TooMany
    return any(end > now for end in ends)


def _put(made: Transaction) -> None:
    try:
        with transaction.atomic():  # so that what stands in the way can be read
            made.save(force_insert=True)
    except IntegrityError as error:
        # The lock is on a client: another one's got there at the same instant.
        if made.external and of_system(made.system, made.external):
            raise TakenId("the id of another client's transaction") from error
        raise


def of_system(system: str, external: str) -> Transaction | None:
    """What the system flagged under that id, None where it flagged nothing. One query."""
    found = Transaction.objects.select_related("user")
    return found.filter(system=system, external=external).first()


def confirm(*, made: Transaction, origin: Origin) -> bool:
    """The client says that it is theirs: what it held goes on, if nothing else waits. False where
    it takes no such answer any more. The caller has judged the proof."""
    with transaction.atomic():
        user = audit.lock(made.user_id)
        if not _take(made, State.MINE, {State.WAITING}, in_time=True):
            return False
        holds.release(made.hold)
        audit.record(
            Event.TRANSACTION_MINE, user=user, origin=origin, detail={"reference": made.reference}
        )
        return True


def refuse(*, made: Transaction, origin: Origin) -> bool:
    """The client says that it is not theirs: it stays held, and a case is opened. False where it
    was answered already."""
    with transaction.atomic():
        user = audit.lock(made.user_id)
        if not _take(made, State.NOT_MINE, {State.WAITING, State.UNANSWERED}):
            return False
        case = cases.open(user=user, kind=CaseKind.TRANSACTION, origin=origin, text=_told(made))
        made.case = case
        made.save(update_fields=["case"])
        audit.record(
            Event.TRANSACTION_NOT_MINE,
            user=audit.lock(user.pk),  # the case has moved the chain
            origin=origin,
            detail={"reference": made.reference, "case": case.reference},
        )
        return True


def release(
    *, made: Transaction, staff: User, origin: Origin, reason: str, ticket: str = ""
) -> bool:
    """Staff let it go on, for a reason that the client reads; not what the client has refused.
    False where that is too late. Raises ``OwnTransaction``."""
    with transaction.atomic():
        user = audit.lock(made.user_id)
        if are_one(user, staff):
            raise OwnTransaction
        kept = texts.line(reason, rules.REASON_MAX)
        if not _take(made, State.RELEASED, rules.RELEASABLE, reason=kept):
            return False
        holds.release(made.hold)
        audit.record(
            Event.TRANSACTION_RELEASED,
            user=user,
            origin=origin,
            actor=f"staff:{staff.username}",
            detail={
                "reference": made.reference,
                "reason": kept,
                "staff": staff.first_name,
                "ticket": ticket,
            },
        )
        return True


def _take(
    made: Transaction,
    state: State,
    before: set[State] | frozenset[State],
    *,
    in_time: bool = False,
    **more: str,
) -> bool:
    """Of several answers one gets here. The caller holds the user's lock."""
    now = timezone.now()
    rows = Transaction.objects.filter(pk=made.pk, stored__in=before)
    if in_time:
        rows = rows.filter(expires_at__gt=now)
    if rows.update(stored=state, answered_at=now, **more) != 1:
        return False
    made.refresh_from_db()
    return True


def expire_due() -> int:
    """Says of every question whose time is over that nobody answered, and tells the client that
    it is held on. Returns how many."""
    due = Transaction.objects.filter(stored=State.WAITING, expires_at__lte=timezone.now())
    return sum(_expire(made) for made in list(due.order_by("pk")[:500]))


def _expire(made: Transaction) -> bool:
    with transaction.atomic():
        user = audit.lock(made.user_id)
        rows = Transaction.objects.filter(pk=made.pk, stored=State.WAITING)
        if not rows.update(stored=State.UNANSWERED):
            return False
        audit.record(
            Event.TRANSACTION_UNANSWERED,
            user=user,
            origin=SYSTEM,
            actor="system",
            detail=_detail(made),
        )
        return True


def _detail(made: Transaction) -> dict[str, str]:
    return {
        "reference": made.reference,
        "kind": made.kind,
        "amount": str(made.amount),
        "currency": made.currency,
    }


def _told(made: Transaction) -> str:
    return f"{made.shown}: {made.get_kind_display()}, {made.currency} {made.amount}, {made.what}"
