"""The notices of the portal: the entries of the audit chain that their owner is told of.

Nothing is stored for it but how far the owner has read: the entry is the notice, and the words are
made when they are read, in the reader's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.alerts import categories, facts
from accounts.alerts.catalogue import CATALOGUE
from accounts.alerts.services import is_told
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.users.models import User

PAGE = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, as the mail about it says it. ``text`` is escaped."""

    number: int
    at: datetime
    title: str
    category: str
    text: SafeString
    address: str
    place: str
    device: str
    reference: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """``newest`` is the number of the newest entry of all at the time; ``older`` continues, None
    at the end."""

    notices: list[Notice]
    newest: int
    older: int | None


def unread(user_id: int) -> int:
    """How many notices were not read yet. One query; ``User.unread`` is the same without one."""
    return User.objects.only("notices", "notices_read").get(pk=user_id).unread


def page(user: User, *, before: int | None = None) -> Page:
    """The newest notices, or those before entry ``before``. One query."""
    kept = _entries(user.pk).filter(
        at__gt=timezone.now() - timedelta(days=settings.INBOX_DAYS),
        **({"number__lt": before} if before is not None else {}),
    )
    entries = list(kept.order_by("-number")[: PAGE + 1])
    shown, more = entries[:PAGE], entries[PAGE:]
    return Page(
        notices=[_notice(user, entry) for entry in _told(user, shown)],
        newest=user.audit_number,
        older=shown[-1].number if more else None,
    )


def mark_read(*, user_id: int, up_to: int) -> None:
    """All up to entry ``up_to`` is read; what came since stays new. Never goes back."""
    with transaction.atomic():
        user = audit.lock(user_id)
        if not user.read_up_to < up_to <= user.audit_number:
            return
        later = list(_entries(user_id).filter(number__gt=up_to))
        User.objects.filter(pk=user_id).update(
            read_up_to=up_to,
            notices_read=user.notices - sum(1 for _entry in _told(user, later)),
        )


def _entries(user_id: int) -> QuerySet[Entry]:
    return Entry.objects.filter(user_id=user_id, event__in=list(CATALOGUE))


def _told(user: User, entries: Iterable[Entry]) -> Iterable[Entry]:
    for entry in entries:
        entry.user = user
        if is_told(entry):
            yield entry


def _notice(user: User, entry: Entry) -> Notice:
    said = facts.of(entry, name=CATALOGUE[entry.event].name)
    return Notice(
        number=entry.number,
        at=entry.at,
        title=str(Event(entry.event).label),
        category=str(categories.WORDS[categories.of(entry.event)].name),
        text=render_to_string(said["what"], {**said, "brand": settings.PORTAL_BRAND}),
        address=said["address"],
        place=said["place"],
        device=said["device"],
        reference=said["entry_reference"],
        is_new=entry.number > user.read_up_to,
    )
