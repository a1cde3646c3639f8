"""What time does to recoveries: reminders, the end of a wait nobody used, and old rows."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from sls.recovery import delays, telling
from sls.recovery.models import Delay, Recovery


def tick() -> None:
    """Reminds of what is due within a day, and ends what was not used in time."""
    now = timezone.now()
    soon = now + timedelta(hours=settings.RECOVERY_REMIND_HOURS)
    waiting = Delay.objects.filter(ended_at=None)
    for delay in waiting.filter(reminded_at=None, due_at__lte=soon, until__gt=now):
        telling.remind(delay, link=delays.link(delay))
    for delay in waiting.filter(until__lte=now):
        with transaction.atomic():
            user = audit.lock(delay.user_id)
            delays.end(user, event=Event.RECOVERY_EXPIRED, origin=SYSTEM, detail={})


def purge() -> int:
    """Deletes what ended long ago (``CHALLENGE_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.CHALLENGE_KEEP_DAYS)
    begun = Recovery.objects.filter(expires_at__lt=before)
    return begun.delete()[0] + Delay.objects.filter(ended_at__lt=before).delete()[0]
