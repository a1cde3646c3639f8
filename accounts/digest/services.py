from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from accounts import phrase
from accounts.alerts import facts
from accounts.alerts.catalogue import CATALOGUE
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import EmailAddress
from accounts.digest import rules
from accounts.digest.rules import Kind
from accounts.freeze import links
from accounts.holds import services as holds
from accounts.holds.models import Hold
from accounts.holds.wording import waits
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User

BATCH = 100
MESSAGE = "digest"
MAIL_LIFE = timedelta(days=3)
# An hour less than the time between two: each comes at about the same hour, never later and later.
SPANS = {
    "daily": timedelta(days=1) - timedelta(hours=1),
    "weekly": timedelta(days=7) - timedelta(hours=1),
}
SINCE = Coalesce("digested_at", "activated_at")

type Counts = dict[int, list[rules.Count]]


def send_batch(*, after: int, now: datetime) -> int | None:
    """Queues the digests of the next users behind key ``after``, of those whose digest is due.

    Returns the key to go on from, None when there is nobody left. Five statements and those of
    the outbox, a message each. Safe to repeat: nobody is mailed twice on a day.
    """
    users = list(_due(now).filter(pk__gt=after).order_by("pk")[:BATCH])
    if not users:
        return None
    ids = [user.pk for user in users]
    counts, held, addresses = _counts(ids), _held(ids, now), _addresses(ids)
    for user in users:
        if to := addresses.get(user.pk):
            _queue(user, to, counts[user.pk], held[user.pk], now)
    # Last: whoever is stopped before it begins again, and the outbox knows whom it was told of.
    User.objects.filter(pk__in=ids).update(digested_at=now)
    return ids[-1]


def _due(now: datetime) -> QuerySet[User]:
    due = Q()
    for often, span in SPANS.items():
        due |= Q(digest=often, since__lte=now - span)
    known = User.objects.filter(is_active=True, activated_at__isnull=False)
    return known.annotate(since=SINCE).filter(due)


def _counts(ids: Sequence[int]) -> Counts:
    found: Counts = defaultdict(list)
    since = Coalesce("user__digested_at", "user__activated_at")
    rows = (
        Entry.objects.filter(user_id__in=ids, at__gt=since)
        .values_list("user_id", "event")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-last")
    )
    for user_id, event, times, last in rows:
        found[user_id].append(rules.Count(event, times, last))
    return found


def _held(ids: Sequence[int], now: datetime) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for hold in holds.live(now).filter(user_id__in=ids).order_by(F("until").asc(nulls_last=True)):
        found[hold.user_id].append(hold)
    return found


def _addresses(ids: Sequence[int]) -> dict[int, str]:
    primary = EmailAddress.objects.filter(user_id__in=ids, primary=True, verified_at__isnull=False)
    return dict(primary.values_list("user_id", "address"))


def _queue(user: User, to: str, counts: list[rules.Count], held: list[Hold], now: datetime) -> None:
    zone = _zone(user)
    with translation.override(user.language), timezone.override(zone):
        context = _context(user, counts, held, now)
    outbox.enqueue(
        user=user,
        channel=Channel.EMAIL,
        name=MESSAGE,
        to=to,
        language=user.language,
        context={**context, "not_me_url": links.url(user, to=to, at=now)},
        expires_at=now + MAIL_LIFE,
        dedupe=f"digest:{user.pk}:{now.astimezone(zone).date()}",
        phrase=phrase.of(user),
    )


def _zone(user: User) -> ZoneInfo:
    try:
        return ZoneInfo(user.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _context(user: User, counts: list[rules.Count], held: list[Hold], now: datetime) -> dict:
    """Words for ``messages/digest/``, in the language and zone that are active."""
    by_kind: dict[Kind, list[rules.Count]] = {kind: [] for kind in Kind}
    for count in counts:
        if kind := rules.kind(count.event, told=count.event in CATALOGUE):
            by_kind[kind].append(count)
    return {
        "name": user.name,
        "since": facts.when(user.since, user.zone),
        "when": facts.when(now, user.zone),
        "sign_ins": rules.sign_ins(by_kind[Kind.SIGN_INS]),
        "refused": rules.times(by_kind[Kind.REFUSED]),
        "changes": rules.times(by_kind[Kind.CHANGES]),
        "lines": [_line(count, user) for kind in Kind for count in by_kind[kind]],
        "held": [f"{hold.get_what_display()}: {waits(hold.why, hold.until)}" for hold in held],
        "head_number": user.audit_number,
        "head": user.audit_head,
    }


def _line(count: rules.Count, user: User) -> dict[str, object]:
    label = Event(count.event).label if count.event in Event.values else count.event
    return {"label": label, "times": count.times, "last": facts.when(count.last, user.zone)}
