from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import gathered
from accounts.audit.models import Entry
from accounts.client_accounts.models import Membership, Role
from accounts.holds import rules
from accounts.holds.models import Hold, What, Why
from accounts.joined import Read
from accounts.prepared import prepared

_APART = (Why.FROZEN, Why.SUPPORT, Why.TRANSACTION)  # lifted by whoever placed them, and only so
LONGEST_FIRST = F("until").desc(nulls_first=True)


def place(*, entry: Entry, what: What, why: Why) -> Hold:
    """Stops ``what`` for the user of ``entry``, or lets the hold that runs last longer.

    The caller holds the user's lock and is in the transaction of the change.
    """
    # What was placed a moment ago in the same act is not written yet.
    placed = gathered.known().setdefault(("hold", entry.user_id), {})
    running = placed.get(what) or _running(entry, what)
    hold = running or Hold(user_id=entry.user_id, what=what, since=entry.at)
    hold.until = rules.until(
        running.until if running else None,
        at=entry.at,
        length=timedelta(hours=settings.HOLD_HOURS),
    )
    hold.why, hold.entry = why, entry
    if what not in placed:
        placed[what] = hold
        if running is None:
            gathered.insert(hold)
        else:
            gathered.change(hold, "until", "why", "entry")
    return hold


def _running(entry: Entry, what: What) -> Hold | None:
    running = live(entry.at).filter(user_id=entry.user_id, what=what).exclude(why__in=_APART)
    return running.order_by("-until").first()


def freeze(*, entry: Entry, trading: str) -> None:
    """Stops whatever a freeze stops, until it is lifted. What it holds already stays as it is.

    The caller holds the user's lock and is in the transaction of the freeze.
    """
    mine = Hold.objects.filter(user_id=entry.user_id, why=Why.FROZEN, lifted_at=None)
    held = set(mine.values_list("what", flat=True))
    Hold.objects.bulk_create(
        Hold(user_id=entry.user_id, what=what, why=Why.FROZEN, since=entry.at, entry=entry)
        for what in rules.frozen(trading)
        if what not in held
    )


def keep(*, entry: Entry, what: What, why: Why, account: str = "") -> Hold:
    """Stops ``what`` for the user of ``entry`` until ``release``, and for every user of ``account``
    where its number is given; each stands for itself.

    The caller holds the user's lock, and the account's.
    """
    return Hold.objects.create(
        user_id=entry.user_id, what=what, why=why, since=entry.at, entry=entry, account=account
    )


def release(hold: Hold | None) -> None:
    """Lifts this one hold; what waits for another reason goes on waiting."""
    if hold is not None:
        Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now())


def thaw(*, entry: Entry) -> None:
    """Lifts what the freeze held; what waits for another reason goes on waiting."""
    mine = Hold.objects.filter(user_id=entry.user_id, why=Why.FROZEN, lifted_at=None)
    mine.update(lifted_at=entry.at)


def live(now: datetime) -> QuerySet[Hold]:
    """Holds that run at ``now``."""
    return Hold.objects.filter(Q(until__gt=now) | Q(until=None), lifted_at=None)


def of_user(user_id: int, now: datetime) -> QuerySet[Hold]:
    """What is held of the user at ``now``, or on an account that they own."""
    return live(now).filter(Q(user_id=user_id) | _shared(user_id))


def of_others(user_id: int, now: datetime) -> QuerySet[Hold]:
    """What is held at ``now`` on an account that the user owns, and another owner can end."""
    return live(now).filter(_shared(user_id)).exclude(user_id=user_id)


def _shared(user_id: int) -> Q:
    # Nobody else moves money, nor has to know what an owner is asked.
    owned = Membership.objects.filter(user_id=user_id, role=Role.OWNER)
    return Q(account__in=owned.values("account__number"))


def held(*, user_id: int, what: What, now: datetime) -> Hold | None:
    """The hold that stops ``what`` for the user at ``now``, or None: of several the one that lasts
    longest. One query."""
    return of_user(user_id, now).filter(what=what).order_by(LONGEST_FIRST).first()


def reading(
    *, user_id: int, account: str, now: datetime
) -> Read[list[tuple[What, datetime | None]]]:
    """What is held at ``now`` of the user, or on the account of that number, and until when each;
    to be read along with something else."""

    def made(found: list[tuple]) -> list[tuple[What, datetime | None]]:
        return [(What(what), until) for what, until in found]

    return Read(_held_of, {"user_id": user_id, "account": account, "now": now}, made)


@prepared
def _held_of(user_id: int, account: str, now: datetime) -> QuerySet:
    # Most holds are on no account, and no account is one of theirs.
    there = Q(account=account) & ~Q(account="")
    return live(now).filter(Q(user_id=user_id) | there).values_list("what", "until")


def purge() -> int:
    """Deletes holds that ended long ago (``HOLD_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.HOLD_KEEP_DAYS)
    over = Q(until__lt=before) | Q(until=None, lifted_at__lt=before)
    return Hold.objects.filter(over).delete()[0]
