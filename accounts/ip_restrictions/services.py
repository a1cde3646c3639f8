"""A list and its changes: put on trial, confirmed or taken back, announced and cancelled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.ip_restrictions import people, rules
from accounts.ip_restrictions.deciding import entries
from accounts.ip_restrictions.models import COLUMNS, Restriction, entry
from accounts.ip_restrictions.rules import Entry, Refusal, State
from accounts.origin import SYSTEM, Origin, UnreadableOrigin, canonical
from accounts.users.models import User


def trial() -> timedelta:
    """How long a change waits for its confirmation."""
    return timedelta(minutes=settings.RESTRICTION_TRIAL_MINUTES)


def delay() -> timedelta:
    """How long what opens the list to everywhere waits."""
    return timedelta(hours=settings.RESTRICTION_DELAY_HOURS)


def apply(*, user: User, by: User, origin: Origin, typed: str = "") -> Refusal | None:
    """Puts everything drafted in force at once, on trial.

    A list that would refuse ``by`` on their own list takes their address, ``typed``.
    """
    with transaction.atomic():
        row, now = _settled(user)
        drafted = Restriction.objects.filter(user=row, state=State.PENDING)
        new = [entry(one, drafted=True) for one in drafted.values_list(*COLUMNS)]
        if not new:
            return Refusal.NOTHING_DRAFTED
        if _of(row).on_trial().exists():
            return Refusal.ON_TRIAL
        after = [*entries(row.pk), *new]
        if _shuts_out(after, now, user=row, by=by, origin=origin) and not _is_own(typed, origin):
            return Refusal.TYPE_ADDRESS
        drafted.update(state=State.PROVISIONAL, turns_at=now + trial(), applied_at=now, set_by=by)
        _record(Event.RESTRICTIONS_APPLIED, row, by=by, origin=origin, detail={"entries": len(new)})
    return None


def confirm(*, user: User, by: User, opened_at: datetime, origin: Origin) -> Refusal | None:
    """What is on trial stays, on the word of a session that was ``opened_at`` a later time.

    Who confirms their own list has to be let in by it, without the emergency door.
    """
    with transaction.atomic():
        row, now = _settled(user)
        tried = _of(row).on_trial()
        applied = tried.aggregate(at=Max("applied_at"))["at"]
        if applied is None:
            return Refusal.NOT_ON_TRIAL
        if opened_at <= applied:
            return Refusal.OLD_SESSION
        if _shuts_out(entries(row.pk), now, user=row, by=by, origin=origin):
            return Refusal.NOT_FROM_LIST
        removed = tried.filter(state=State.LEAVING).update(
            state=State.REMOVED, turns_at=None, ended_at=now
        )
        added = tried.filter(state=State.PROVISIONAL).update(state=State.ACTIVE, turns_at=None)
        detail = {"entries": added, "removed": removed}
        _record(Event.RESTRICTIONS_CONFIRMED, row, by=by, origin=origin, detail=detail)
    return None


def take_back(*, user: User, by: User, origin: Origin) -> Refusal | None:
    """What is on trial ends now: the list is what it was, and new entries are drafts again."""
    with transaction.atomic():
        row, _now = _settled(user)
        if not _take_back(_of(row).on_trial()):
            return Refusal.NOT_ON_TRIAL
        detail = {"why": "cancelled"}
        _record(Event.RESTRICTIONS_TAKEN_BACK, row, by=by, origin=origin, detail=detail)
    return None


def remove(*, user: User, pk: int, by: User, origin: Origin, typed: str = "") -> Refusal | None:
    """Takes an entry away: on trial at once while others stay, else after the delay."""
    with transaction.atomic():
        row, now = _settled(user)
        found = _of(row).filter(pk=pk, state=State.ACTIVE, turns_at=None).first()
        if found is None:
            return Refusal.GONE
        if removal_opens(row, found, now):
            found.turns_at = now + delay()
            found.save(update_fields=["turns_at"])
            detail = {"entry": str(found), "at": found.turns_at.isoformat()}
            _record(Event.RESTRICTION_LEAVES, row, by=by, origin=origin, detail=detail)
            return None
        if _of(row).on_trial().exists():
            return Refusal.ON_TRIAL
        after = _without(row, found)
        if _shuts_out(after, now, user=row, by=by, origin=origin) and not _is_own(typed, origin):
            return Refusal.TYPE_ADDRESS
        found.state, found.turns_at, found.applied_at = State.LEAVING, now + trial(), now
        found.save(update_fields=["state", "turns_at", "applied_at"])
        detail = {"removed": 1}
        _record(Event.RESTRICTIONS_APPLIED, row, by=by, origin=origin, detail=detail)
    return None


def keep(*, user: User, pk: int, by: User, origin: Origin) -> Refusal | None:
    """Cancels an announced removal, at once."""
    with transaction.atomic():
        row, _now = _settled(user)
        announced = _of(row).filter(pk=pk, state=State.ACTIVE, turns_at__isnull=False)
        if announced.update(turns_at=None) != 1:
            return Refusal.GONE
        _record(Event.RESTRICTION_STAYS, row, by=by, origin=origin)
    return None


def lift(*, user: User, reason: str, actor: str, origin: Origin) -> int:
    """Staff remove the whole list at once, for somebody whom they have identified otherwise.

    Returns how many entries there were; recorded with its reason either way.
    """
    with transaction.atomic():
        row, now = _settled(user)
        listed = _of(row).listed()
        count = listed.update(state=State.REMOVED, turns_at=None, ended_at=now)
        detail = {"reason": reason, "entries": count}
        audit.record(
            Event.RESTRICTIONS_REMOVED, user=row, origin=origin, actor=actor, detail=detail
        )
        stamp(row)
    return count


def removal_opens(user: User, found: Restriction, now: datetime) -> bool:
    """Whether without ``found`` (and what is announced to go) a platform is open to everywhere."""
    before = rules.compiled(entries(user.pk), now)
    return rules.opens(before, rules.compiled(_without(user, found), now))


def drafted_shuts_out(user: User, *, by: User, origin: Origin) -> bool:
    """Whether ``by``, on their own list, would be refused with everything drafted."""
    drafted = _of(user).filter(state=State.PENDING)
    new = [entry(one, drafted=True) for one in drafted.values_list(*COLUMNS)]
    after = [*entries(user.pk), *new]
    return _shuts_out(after, timezone.now(), user=user, by=by, origin=origin)


def removal_shuts_out(user: User, found: Restriction, *, by: User, origin: Origin) -> bool:
    """Whether ``by``, on their own list, would be refused without ``found``."""
    after = _without(user, found)
    return _shuts_out(after, timezone.now(), user=user, by=by, origin=origin)


def settle(user_id: int) -> None:
    """Writes down what time has decided for one user."""
    with transaction.atomic():
        _settle(audit.lock(user_id), timezone.now())


def settle_all() -> int:
    """The same for everybody, now and then. Returns for how many."""
    due = Restriction.objects.filter(turns_at__lte=timezone.now())
    users = list(due.order_by().values_list("user_id", flat=True).distinct()[:1000])
    for user_id in users:
        settle(user_id)
    return len(users)


def purge() -> int:
    """Deletes entries that were removed long ago; what they were is in the record."""
    before = timezone.now() - timedelta(days=settings.SESSION_KEEP_DAYS)
    return Restriction.objects.filter(state=State.REMOVED, ended_at__lt=before).delete()[0]


def _of(user: User) -> QuerySet[Restriction]:
    return Restriction.objects.filter(user=user)


def _settled(user: User) -> tuple[User, datetime]:
    """The user's row, locked, with what time has decided written down."""
    row, now = audit.lock(user.pk), timezone.now()
    _settle(row, now)
    return row, now


def _settle(user: User, now: datetime) -> None:
    due = _of(user).filter(turns_at__lte=now)
    if _take_back(due.on_trial()):
        _note(Event.RESTRICTIONS_TAKEN_BACK, user, {"why": "not_confirmed"})
    gone = due.filter(state=State.ACTIVE)
    if count := gone.update(state=State.REMOVED, turns_at=None, ended_at=now):
        _note(Event.RESTRICTIONS_REMOVED, user, {"entries": count})


def _take_back(tried: QuerySet[Restriction]) -> int:
    back = tried.filter(state=State.LEAVING).update(state=State.ACTIVE, turns_at=None)
    return back + tried.filter(state=State.PROVISIONAL).update(state=State.PENDING, turns_at=None)


def _note(event: Event, user: User, detail: dict) -> None:
    audit.record(event, user=user, origin=SYSTEM, actor="system", detail=detail)
    stamp(user)


def _record(
    event: Event, user: User, *, by: User, origin: Origin, detail: dict | None = None
) -> None:
    detail = {"by": by.name} | (detail or {})
    audit.record(event, user=user, origin=origin, actor=people.actor(by, user), detail=detail)
    stamp(user)


def stamp(user: User) -> None:
    """Tells every process that the list is another one."""
    user.restrictions = user.audit_head if _of(user).listed().exists() else ""
    user.save(update_fields=["restrictions"])


def _without(user: User, found: Restriction) -> list[Entry]:
    """What is in force for good besides ``found``: what is announced to go does not count."""
    rest = _of(user).listed().exclude(pk=found.pk)
    rest = rest.exclude(state=State.ACTIVE, turns_at__isnull=False)
    return [entry(row) for row in rest.values_list(*COLUMNS)]


def _shuts_out(
    after: Sequence[Entry], now: datetime, *, user: User, by: User, origin: Origin
) -> bool:
    """Whether a list refuses the one who makes it, on their own list."""
    if by.pk != user.pk:
        return False
    decision = rules.decide(
        rules.compiled(after, now),
        address=origin.address,
        platform=origin.platform,
        browser=origin.device,
    )
    return not decision.is_let_in


def _is_own(typed: str, origin: Origin) -> bool:
    try:
        return canonical(typed) == origin.address
    except UnreadableOrigin:
        return False
