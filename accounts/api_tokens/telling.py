"""What time does to tokens, and who hears of it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.api_tokens import rules, services
from accounts.api_tokens.models import ApiToken
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from accounts.users.models import User

WARNING = timedelta(hours=24)
SHORT = timedelta(hours=48)  # a token that lives no longer needs no warning
BATCH = 200


def tell() -> int:
    """Warns a day before a token ends, tells of those that have, and pauses the automation of
    owners whose handle was let go. Returns how many were told."""
    return _warn() + _lapse() + _pause()


def _warn() -> int:
    now = timezone.now()
    due = ApiToken.objects.filter(
        revoked_at=None, warned_at=None, lapsed_at=None, expires_at__gt=now
    )
    count = 0
    for row in due.filter(expires_at__lte=now + WARNING).order_by("expires_at")[:BATCH]:
        mine = ApiToken.objects.filter(pk=row.pk, warned_at=None)
        if mine.update(warned_at=now) and row.expires_at - row.created_at > SHORT:
            services.note(Event.API_TOKEN_ENDS, row)
            count += 1
    return count


def _lapse() -> int:
    now, count = timezone.now(), 0
    over = ApiToken.objects.filter(revoked_at=None, lapsed_at=None, expires_at__lte=now)
    for row in over.order_by("expires_at")[:BATCH]:
        if ApiToken.objects.filter(pk=row.pk, lapsed_at=None).update(lapsed_at=now):
            services.note(Event.API_TOKEN_LAPSED, row)
            count += 1
    return count


def _pause() -> int:
    """Calls are refused by the rule alone; the switch makes it visible, and told once."""
    now = timezone.now()
    seen = Session.objects.filter(user=OuterRef("pk")).values("user")
    held = (
        User.objects.filter(automation_days__isnull=False, automation_stopped_at=None)
        .annotate(seen_at=Subquery(seen.annotate(last=Max("opened_at")).values("last")))
        .filter(Q(seen_at=None) | Q(seen_at__lt=now - timedelta(days=min(rules.HANDLES))))
    )
    count = 0
    for user in held.order_by("pk")[:BATCH]:
        if not rules.handle_let_go(days=user.automation_days, seen_at=user.seen_at, now=now):
            continue
        with transaction.atomic():
            locked = audit.lock(user.pk)
            if locked.automation_stopped_at is None:
                locked.automation_stopped_at = now
                locked.save(update_fields=["automation_stopped_at"])
                audit.record(Event.AUTOMATION_PAUSED, user=locked, origin=SYSTEM, actor="system")
                count += 1
    return count
