"""How long sessions of other platforms last, and what their owners hear of their end (DOMAIN 1.20).

Trading platforms ask for a new sign-in once a week, on Sunday at 01:00 in New York, or at the hour
of Sunday that the client chose (C12). The owner is told a day before, and again when a session
lapsed that nobody renewed (C13). The mobile app is entered again for some hours after a sign-in.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM, Origin
from accounts.sessions import rules, services
from accounts.sessions.models import End, Session
from accounts.sessions.rules import Life
from accounts.users.models import User

BATCH = 200


def life(platform: str, *, biometric: bool) -> Life:
    """What the settings say of a platform other than the portal. Raises ``KeyError``."""
    mobile = settings.MOBILE_BIOMETRIC_HOURS if biometric else settings.MOBILE_HOURS
    return {
        "tws": Life(timedelta(minutes=settings.TWS_IDLE_MINUTES), None),
        "api": Life(timedelta(minutes=settings.API_IDLE_MINUTES), None),
        "webtrader": Life(
            timedelta(minutes=settings.IDLE_MINUTES), timedelta(hours=settings.ABSOLUTE_HOURS)
        ),
        "mobile_ios": Life(None, timedelta(hours=mobile)),
        "mobile_android": Life(None, timedelta(hours=mobile)),
    }[platform]


def week_ends(user: User, platform: str, now: datetime) -> datetime:
    """When the week of a session ends that the user opens now."""
    if user.week_hour is not None:
        return rules.week_ends(now, zone=ZoneInfo(user.zone), hour=user.week_hour)
    usual = settings.WEEK_ENDS_ZONE if platform in rules.WEEKLY else user.zone
    return rules.week_ends(now, zone=ZoneInfo(usual), hour=settings.WEEK_ENDS_HOUR)


def lasts(
    user: User, platform: str, now: datetime, *, biometric: bool
) -> tuple[timedelta, datetime]:
    """How long without use, and until when in any case."""
    ends = week_ends(user, platform, now)
    return rules.lasts(now, life(platform, biometric=biometric), week_ends=ends)


def set_hour(*, user_id: int, hour: int | None, origin: Origin) -> bool:
    """From the next sign-in on weeks end at ``hour`` of Sunday, None for the usual one; False when
    they do already. Raises ``ValueError`` for what is no hour."""
    if hour is not None and not 0 <= hour < 24:
        raise ValueError("no hour")
    with transaction.atomic():
        user = audit.lock(user_id)
        if user.week_hour == hour:
            return False
        user.week_hour = hour
        user.save(update_fields=["week_hour"])
        detail = {"hour": -1 if hour is None else hour}
        audit.record(Event.WEEK_CHANGED, user=user, origin=origin, detail=detail)
        return True


def tell() -> int:
    """Tells of weeks that end within a day, and of those that have ended. Returns how many."""
    return _warn() + _lapse()


def _warn() -> int:
    now, ahead = timezone.now(), timedelta(hours=settings.WEEK_REMINDER_HOURS)
    ending = Session.objects.filter(platform__in=rules.WEEKLY, ended_at=None, expires_at__gt=now)
    count = 0
    for row in ending.filter(warned_at=None, expires_at__lte=now + ahead)[:BATCH]:
        # Who has signed in just before the end knows it, and who no longer calls needs no session.
        is_new = row.expires_at - row.opened_at <= ahead
        is_gone = now >= row.seen_at + timedelta(seconds=row.idle_seconds)
        with transaction.atomic():
            user = audit.lock(row.user_id)
            mine = Session.objects.filter(pk=row.pk, warned_at=None, ended_at=None)
            if mine.update(warned_at=now) and not (is_new or is_gone):
                detail = {"platform": row.platform, "at": row.expires_at.isoformat()}
                audit.record(Event.SESSION_ENDS, user=user, origin=SYSTEM, detail=detail)
                count += 1
    return count


def _lapse() -> int:
    now, count = timezone.now(), 0
    over = Session.objects.filter(platform__in=rules.WEEKLY, ended_at=None, expires_at__lte=now)
    for row in over.order_by("expires_at")[:BATCH]:
        # What nobody had used for long was over before, and nobody misses it.
        was_used = row.seen_at + timedelta(seconds=row.idle_seconds) >= row.expires_at
        why = End.WEEKLY if was_used else End.IDLE
        count += services.end(row=row, why=why, origin=Origin(platform=row.platform))
    return count
