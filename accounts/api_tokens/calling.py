"""One call by a token: who it is, whether it may, and what is kept of it.

Three statements at most: one that reads token and owner, the line of the log, and once a minute the
time of the last use.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import limits
from accounts.api_tokens import rules, services
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import Facts, Scope, Why
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership
from accounts.client_accounts.rules import MAY, Right
from accounts.ip_restrictions import deciding, networks
from accounts.ip_restrictions.networks import Network
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.rows import insert
from accounts.sessions.models import Session

PLATFORM = "api"
MINUTE = timedelta(minutes=1)
_SEES = [role for role, rights in MAY.items() if Right.VIEW in rights]
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose call it is, and why it is refused if it is (``why``). ``row`` is None for no token."""

    row: ApiToken | None
    why: Why | None


def admit(text: str, *, scope: Scope | None, origin: Origin) -> Caller:
    """Who calls with the token ``text`` for ``scope``. ``origin`` is that of a program: on
    ``PLATFORM``, in no session. Nothing is kept from call to call, so a revocation, a freeze and
    the switch hold from the next call on. One query."""
    parts = rules.read(text)
    row = _of.first(public=parts.id) if parts else None
    # The same comparison whether or not there is such a token.
    stored = row.digest if row else _NOBODY
    same = hmac.compare_digest(stored, parts.digest if parts else "1" * 64)
    if row is None or not same:
        return Caller(None, Why.UNKNOWN)
    return Caller(row, rules.refusal(_facts(row, origin), scope=scope, now=timezone.now()))


def _facts(row: ApiToken, origin: Origin) -> Facts:
    user = row.user
    bar = may_authenticate(active=user.is_active, frozen=user.frozen_at is not None, locked=False)
    return Facts(
        expires_at=row.expires_at,
        revoked=row.revoked_at is not None,
        scopes=row.scopes,
        owner_bar=bar,
        is_member=row.is_member,
        stopped_at=user.automation_stopped_at,
        handle_days=user.automation_days,
        seen_at=row.seen_at,
        lets_in=_lets_in(row, origin) and deciding.decide(user=user, origin=origin).is_let_in,
    )


def _lets_in(row: ApiToken, origin: Origin) -> bool:
    if not row.networks:
        return True
    place = networks.place(origin.address)
    listed = (networks.parse(one, private=True) for one in row.networks)
    return any(isinstance(one, Network) and one.first <= place <= one.last for one in listed)


@prepared
def _of(public: str) -> QuerySet[ApiToken]:
    mine = {"user": OuterRef("user")}
    seen = Session.objects.filter(**mine).order_by("-opened_at").values("opened_at")[:1]
    # A token of an account for algorithms sees that one, every other token all the others.
    own = Q(account=OuterRef("account"))
    apart = Q(account__for_algorithms=False, account=Coalesce(OuterRef("account"), F("account")))
    member = Membership.objects.filter(own | apart, **mine, role__in=_SEES)
    return (
        ApiToken.objects.filter(public=public)
        .select_related("user", "account")
        .annotate(seen_at=Subquery(seen), is_member=Exists(member))
    )


def is_too_often(row: ApiToken) -> limits.Usage:
    """Counts the call; the owner hears, once a day, of a token that calls more than is usual."""
    key = str(row.pk)
    is_busy = limits.take("calls_noticed_per_token", key).over
    # One entry of the record a day, not one a call.
    if is_busy and not limits.take("busy_told_per_token", key).over:
        services.note(Event.API_TOKEN_BUSY, row)
    return limits.take("calls_per_token", key)


def keep(
    row: ApiToken, *, operation: str, scope: Scope | None, origin: Origin, status: int
) -> None:
    """Writes the call into the log, and to the minute when and where the token was used."""
    now = timezone.now()
    insert(Call(token=row, at=now, operation=operation, address=origin.address, status=status))
    if status >= 400:
        return
    known = row.used_from == origin.address
    used = [*row.used_scopes, scope.value] if scope and scope not in row.used_scopes else None
    if known and used is None and row.used_at and now - row.used_at < MINUTE:
        return
    changed = {"used_at": now, "used_from": origin.address}
    if used is not None:
        changed["used_scopes"] = used
    ApiToken.objects.filter(pk=row.pk).update(**changed)
    if not known and row.used_from and not _was_told(row, origin):
        services.note(Event.API_TOKEN_ELSEWHERE, row, origin=origin)


def _was_told(row: ApiToken, origin: Origin) -> bool:
    """Counts the place: whoever calls from two in turn must fill neither record nor mailbox."""
    place = f"{row.pk}:{origin.network}"
    if limits.take("place_told_per_token", place).over:
        return True
    return limits.take("places_told_per_token", str(row.pk)).over
