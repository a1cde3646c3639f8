"""What a system of the brokerage flags: the owner of the account is asked, once for each id."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from accounts.cases import rules as texts
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.origin import Origin
from accounts.transactions import rules, services
from accounts.transactions.models import Transaction
from accounts.transactions.services import Flagged
from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Reported:
    """What a system says: its ``id`` of the transaction, and which owner is asked, "" where the
    account has one."""

    id: str
    flagged: Flagged
    owner: str = ""


class Refusal(StrEnum):
    """Why nobody is asked."""

    ACCOUNT = "account"  # there is none of that number
    OWNER = "owner"  # it has no such owner, or several and none is named
    CLOSED = "closed"  # they cannot answer any more
    MANY = "many"  # as much waits for them as they could answer
    WHAT = "what"  # nothing of it can be read
    OTHER = "other"  # the id stands for something else
    LATE = rules.Untimely.LATE
    FUTURE = rules.Untimely.FUTURE


def take(reported: Reported, *, system: str, origin: Origin) -> Transaction | Refusal:
    """Asks the owner as staff would, or says why not. The same again changes nothing, however the
    first was answered meanwhile."""
    known = services.of_system(system, reported.id)
    if known is None:
        known = _flag(reported, system=system, origin=origin)
    if isinstance(known, Refusal):
        return known
    return known if _is_same(known, reported) else Refusal.OTHER


def _flag(reported: Reported, *, system: str, origin: Origin) -> Transaction | Refusal:
    flagged = reported.flagged
    owner = _owner(flagged.account, reported.owner)
    if isinstance(owner, Refusal):
        return owner
    if untimely := rules.untimely(flagged.at, now=timezone.now()):
        return Refusal(untimely.value)
    if not texts.line(flagged.what):
        return Refusal.WHAT
    try:
        return services.flag(
            user_id=owner.pk, flagged=flagged, origin=origin, external=reported.id, system=system
        )
    except services.TakenId:
        return Refusal.OTHER
    except services.NotTheirs:
        return Refusal.OWNER
    except services.CannotAnswer:
        return Refusal.CLOSED
    except services.TooMany:
        return Refusal.MANY


def _owner(account: str, named: str) -> User | Refusal:
    """Who is asked about the account: an owner who can answer."""
    if not ClientAccount.objects.filter(number=account).exists():
        return Refusal.ACCOUNT
    found = Membership.objects.filter(account__number=account, role=Role.OWNER)
    found = found.filter(user__is_staff=False).select_related("user")
    owners = [row.user for row in found if not named or row.user.username == named]
    can_answer = [one for one in owners if one.is_active]
    if owners and not can_answer:
        return Refusal.CLOSED
    return can_answer[0] if len(can_answer) == 1 else Refusal.OWNER


def _is_same(made: Transaction, reported: Reported) -> bool:
    told = reported.flagged
    if reported.owner and made.user.username != reported.owner:
        return False
    facts = ("kind", "account", "amount", "currency", "at")
    is_same = all(getattr(made, name) == getattr(told, name) for name in facts)
    return is_same and made.what == texts.line(told.what, rules.WHAT_MAX)
