"""What a freeze stops on a list: whatever is about to let in more than before."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.ip_restrictions import door, rules, services
from accounts.ip_restrictions.deciding import entries
from accounts.ip_restrictions.models import COLUMNS, Restriction, entry
from accounts.ip_restrictions.rules import FOR_EVER, State
from accounts.origin import Origin
from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many entries are as before, and whether the emergency door let somebody in, or was about
    to be switched on again."""

    changes: int
    door: bool


def stop_widening(user: User, *, origin: Origin) -> Stopped:
    """Takes back what is on trial unless that would open the list, keeps of what was announced to
    be removed whatever keeps the list shut, and lets nobody in by the emergency door. The caller
    holds the user's lock.

    What narrows stays, or goes on: a list may be what keeps somebody out just now.
    """
    kept, taken = _keep(user), _take_back(user)
    if kept:
        detail = {"why": "frozen", "entries": kept}
        audit.record(Event.RESTRICTION_STAYS, user=user, origin=origin, detail=detail)
    if taken:
        detail = {"why": "frozen", "entries": taken}
        audit.record(Event.RESTRICTIONS_TAKEN_BACK, user=user, origin=origin, detail=detail)
    if kept or taken:
        services.stamp(user)
    return Stopped(kept + taken, _shut(user))


def _keep(user: User) -> int:
    """Of what leaves at its time, as little stays as the list needs to stay one."""
    now, kept = timezone.now(), 0
    mine = Restriction.objects.filter(user=user).listed().exclude(state=State.PROVISIONAL)
    leaving = Q(state=State.ACTIVE, turns_at__isnull=False)
    rest = [entry(row, drafted=True) for row in mine.exclude(leaving).values_list(*COLUMNS)]
    for row in mine.filter(leaving, turns_at__gt=now).order_by("pk"):
        [values] = mine.filter(pk=row.pk).values_list(*COLUMNS)
        one = entry(values, drafted=True)
        if rules.opens(rules.compiled([*rest, one], now), rules.compiled(rest, now)):
            rest.append(one)
            row.turns_at = None
            row.save(update_fields=["turns_at"])
            kept += 1
    return kept


def _take_back(user: User) -> int:
    """Entries that were added go, as long as others of their platform stay."""
    now, taken = timezone.now(), 0
    trial = Restriction.objects.filter(user=user, state=State.PROVISIONAL, turns_at__gt=now)
    for platform in sorted(set(trial.values_list("platform", flat=True))):
        mine = trial.filter(platform=platform)
        rest = Restriction.objects.filter(user=user).listed().exclude(pk__in=mine.values("pk"))
        without = [entry(row) for row in rest.values_list(*COLUMNS)]
        before = rules.compiled(entries(user.pk), now)
        if not rules.opens(before, rules.compiled(without, now)):
            taken += mine.update(state=State.PENDING, turns_at=None)
    return taken


def _shut(user: User) -> bool:
    now, until = timezone.now(), user.door_shut_until
    was_open = user.door_until is not None and user.door_until > now
    if user.door_until is not None:
        door.leave(user)
    reopens = until is not None and now < until < FOR_EVER
    if reopens:
        user.door_shut_until = FOR_EVER
        user.save(update_fields=["door_shut_until"])
    return was_open or reopens
