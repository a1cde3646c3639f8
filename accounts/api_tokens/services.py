from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.api_tokens import rules
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import Scope
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import ClientAccount
from accounts.lockout.rules import may_authenticate
from accounts.origin import SYSTEM, Origin
from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and its text, which is known to nobody afterwards."""

    row: ApiToken
    text: str


def create(
    *,
    user_id: int,
    name: str,
    scopes: Collection[Scope],
    life: timedelta,
    networks: Collection[str],
    origin: Origin,
    account: ClientAccount | None = None,
) -> Issued | None:
    """Issues a token; for an ``account`` for algorithms it reads that one and nothing of the
    person. None when the owner has ``API_TOKENS_MOST`` live ones already (each such account has as
    many of its own), or may not sign in: a request that was on its way when everything was stopped
    comes to nothing. Raises ``ValueError`` for scopes that a token of an account cannot have."""
    if account is not None and not rules.OF_ACCOUNT.issuperset(scopes):
        raise ValueError("no scope for a token of an account")
    with transaction.atomic():
        user, now = audit.lock(user_id), timezone.now()
        most, there = settings.API_TOKENS_MOST, live(user_id, now).filter(account=account)
        if _is_barred(user) or there.count() >= most:
            return None
        text, parts = rules.make()
        row = ApiToken.objects.create(
            user=user,
            account=account,
            name=name,
            public=parts.id,
            digest=parts.digest,
            scopes=sorted(scopes),
            networks=list(networks),
            created_at=now,
            expires_at=now + life,
        )
        _record(Event.API_TOKEN_ISSUED, row, user=user, origin=origin)
        return Issued(row, text)


def _is_barred(user: User) -> bool:
    frozen = user.frozen_at is not None
    return may_authenticate(active=user.is_active, frozen=frozen, locked=False) is not None


def renew(*, row: ApiToken, origin: Origin) -> Issued | None:
    """Exchanges a live token for one with another secret, that lasts as long as it was given and
    may do the same. None when it is not live any more."""
    with transaction.atomic():
        user = audit.lock(row.user_id)
        row.refresh_from_db()
        now = timezone.now()
        if _is_barred(user) or not row.is_live(now):
            return None
        text, parts = rules.make()
        # From the old row: a renewal never widens, and never lasts longer.
        lasted = row.expires_at - row.created_at
        row.public, row.digest, row.created_at = parts.id, parts.digest, now
        row.expires_at, row.warned_at = now + lasted, None
        row.save(update_fields=["public", "digest", "created_at", "expires_at", "warned_at"])
        _record(Event.API_TOKEN_RENEWED, row, user=user, origin=origin)
        return Issued(row, text)


def narrow(*, row: ApiToken, origin: Origin) -> bool:
    """Takes the scopes away that were never used. Returns whether there were any."""
    with transaction.atomic():
        user = audit.lock(row.user_id)
        row.refresh_from_db()
        kept = [one for one in row.scopes if one in row.used_scopes]
        if kept == row.scopes or not row.is_live(timezone.now()):
            return False
        row.scopes = kept
        row.save(update_fields=["scopes"])
        _record(Event.API_TOKEN_NARROWED, row, user=user, origin=origin)
        return True


def revoke(
    *, row: ApiToken, why: str, origin: Origin, event: Event | None = None, **detail: object
) -> bool:
    """Ends a token at once. False when it was over already."""
    with transaction.atomic():
        user, now = audit.lock(row.user_id), timezone.now()
        ended = ApiToken.objects.filter(pk=row.pk, revoked_at=None, expires_at__gt=now)
        if not ended.update(revoked_at=now, revoked_why=why):
            return False
        detail |= {"why": why}
        _record(event or Event.API_TOKEN_REVOKED, row, user=user, origin=origin, **detail)
        return True


def revoke_all(*, user: User, why: str, origin: Origin) -> int:
    """Ends every token of ``user``, whose lock the caller holds. Returns how many."""
    now = timezone.now()
    count = live(user.pk, now).update(revoked_at=now, revoked_why=why)
    if count:
        detail = {"why": why, "tokens": count}
        audit.record(Event.API_TOKEN_REVOKED, user=user, origin=origin, detail=detail)
    return count


def apart(user_id: int) -> dict[str, ClientAccount]:
    """The accounts for algorithms that the user sees, by number. One query."""
    mine = ClientAccount.objects.filter(members__user=user_id, for_algorithms=True)
    return {one.number: one for one in mine.order_by("number")}


def live(user_id: int, now: datetime) -> QuerySet[ApiToken]:
    """The tokens of a user that are neither revoked nor over."""
    return ApiToken.objects.filter(user=user_id, revoked_at=None, expires_at__gt=now)


def stop_automation(*, user_id: int, origin: Origin, why: str = "") -> bool:
    """The kill switch; ``why`` says what threw it where that is not the owner. False when it was
    off already."""
    return _switch(user_id, timezone.now(), Event.AUTOMATION_STOPPED, origin, why=why)


def resume_automation(*, user_id: int, origin: Origin) -> bool:
    """Lets tokens call again; the view asks for a proof. False when they could."""
    return _switch(user_id, None, Event.AUTOMATION_RESUMED, origin)


def _switch(
    user_id: int, at: datetime | None, event: Event, origin: Origin, *, why: str = ""
) -> bool:
    with transaction.atomic():
        user = audit.lock(user_id)
        if (user.automation_stopped_at is None) == (at is None):
            return False
        user.automation_stopped_at = at
        user.save(update_fields=["automation_stopped_at"])
        by_system = {"actor": "system", "detail": {"why": why}} if why else {}
        audit.record(event, user=user, origin=origin, **by_system)
        return True


def set_handle(*, user_id: int, days: int | None, origin: Origin) -> bool:
    """After how many days without a sign-in automation pauses; None for never. False when it was
    so already. Raises ``ValueError`` for days that are not offered."""
    if days is not None and days not in rules.HANDLES:
        raise ValueError("no such handle")
    with transaction.atomic():
        user = audit.lock(user_id)
        if user.automation_days == days:
            return False
        user.automation_days = days
        user.save(update_fields=["automation_days"])
        detail = {"days": days or 0}
        audit.record(Event.AUTOMATION_HANDLE, user=user, origin=origin, detail=detail)
        return True


def note(event: Event, row: ApiToken, *, origin: Origin = SYSTEM, **detail: object) -> None:
    """Records something about a token, in a transaction of its own."""
    with transaction.atomic():
        _record(event, row, user=audit.lock(row.user_id), origin=origin, **detail)


def _record(event: Event, row: ApiToken, *, user: User, origin: Origin, **detail: object) -> None:
    facts = {"name": row.name, "scopes": row.scopes} | detail
    facts |= {"account": row.account.number} if row.account else {}
    audit.record(event, user=user, origin=origin, detail=facts)


def purge() -> int:
    """Deletes calls of long ago (``API_CALLS_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.API_CALLS_KEEP_DAYS)
    return Call.objects.filter(at__lt=before).delete()[0]
