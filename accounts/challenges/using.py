"""Which codes were used, told to the outbox afterwards, so that no answer waits for it."""

from datetime import datetime, timedelta

from django.core.cache import caches
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.outbox.spending import services as spending

KEY = "codes-used-until"
# An answer that is being committed counts as used a little earlier than it is seen.
OVERLAP = timedelta(seconds=15)
BACK = timedelta(hours=1)  # where nothing is remembered of the last time
BATCH = 500


def tell() -> int:
    """Tells what was used since the last time; returns of how many messages. Safe to repeat."""
    now = timezone.now()
    last = caches["limits"].get(KEY)
    since = datetime.fromisoformat(last) - OVERLAP if last else now - BACK
    used = Challenge.objects.filter(used_at__gte=since, destination__startswith="+")
    found = [str(pk) for pk in used.values_list("pk", flat=True)]
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    told = sum(spending.mark_used(batch) for batch in batches)
    caches["limits"].set(KEY, now.isoformat(), BACK.total_seconds())
    return told
