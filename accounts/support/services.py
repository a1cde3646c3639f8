from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.support import record
from accounts.support.models import Numbers


def change(
    *, numbers: Sequence[tuple[str, str]], staff: Any, origin: Origin, reason: str = ""
) -> bool:
    """Replaces the numbers, pairs of what for and number as ``rules.read`` shows it; the first is
    the one that every page names. False where they are what they were. ``staff`` is who asked for
    it; ``origin`` names both persons. Raises ``ValueError`` for none at all: clients are never told
    of no number.
    """
    if not numbers:
        raise ValueError("no number at all")
    with transaction.atomic():
        now = timezone.now()
        Numbers.objects.get_or_create(pk=1, defaults={"changed_at": now, "changed_by": staff})
        row = Numbers.objects.select_for_update().get(pk=1)
        old, new = row.numbers, [list(pair) for pair in numbers]
        if old == new:
            return False
        row.numbers, row.changed_at, row.changed_by = new, now, staff
        row.save(update_fields=["numbers", "changed_at", "changed_by"])
        audit.record(
            Event.NUMBERS_CHANGED,
            user=None,
            origin=origin,
            actor=origin.actor or f"staff:{staff.username}",
            detail={
                "before": [pair[1] for pair in old],
                "after": [pair[1] for pair in new],
                **({"reason": reason} if reason else {}),
            },
        )
        transaction.on_commit(lambda: record.remember(row))
    return True
