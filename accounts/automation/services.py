from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import systems
from accounts.api_tokens.models import ApiToken
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.automation import judging, rules
from accounts.automation.models import Report, Watch
from accounts.automation.rules import Does, Kind
from accounts.origin import Origin


def of_user(user_id: int) -> QuerySet[Watch]:
    """The rules of a user, as they were made."""
    return Watch.objects.filter(user=user_id).order_by("pk")


def rates() -> list[int]:
    """The calls a minute that a rule may name: those that a program can exceed here."""
    reported = systems.is_there(systems.Scope.EVENTS)
    most = settings.API_CALLS_PER_MINUTE
    return [one for one in rules.RATES if rules.can_be_met(one, most=most, reported=reported)]


def make(
    *, user_id: int, kind: Kind, most: Decimal | None, does: Does, origin: Origin
) -> Watch | None:
    """A new rule, which holds from now on. None where there are ``AUTOMATION_RULES_MOST``."""
    with transaction.atomic():
        user, now = audit.lock(user_id), timezone.now()
        if of_user(user_id).count() >= settings.AUTOMATION_RULES_MOST:
            return None
        made = Watch.objects.create(
            user=user, kind=kind, most=most, does=does, made_at=now, since=now
        )
        detail = judging.detail(made)
        audit.record(Event.AUTOMATION_RULE_MADE, user=user, origin=origin, detail=detail)
        return made


def remove(*, watch: Watch, origin: Origin) -> bool:
    """Takes a rule away. False where it is gone."""
    with transaction.atomic():
        user = audit.lock(watch.user_id)
        if not Watch.objects.filter(pk=watch.pk).delete()[0]:
            return False
        detail = judging.detail(watch)
        audit.record(Event.AUTOMATION_RULE_GONE, user=user, origin=origin, detail=detail)
        return True


def try_out(*, watch: Watch, origin: Origin) -> bool:
    """Sends the alert of a rule as a test, and stops nothing. Returns whether the last day would
    have met it."""
    with transaction.atomic():
        user = audit.lock(watch.user_id)
        detail = judging.detail(watch)
        audit.record(Event.AUTOMATION_RULE_TRIED, user=user, origin=origin, detail=detail)
        return judging.was_met(watch, since=timezone.now() - rules.LATEST)


def noticed(token: ApiToken, *, calls: int, origin: Origin) -> bool:
    """A token of ours made its ``calls``-th call within a minute. Judges the rules of its owner
    when that is one more than a rule may name; returns whether that stopped all automation. No
    query for any other number."""
    if calls - 1 not in rules.RATES:
        return False
    watches = Watch.objects.filter(user=token.user_id, kind=Kind.CALLS, most__lt=calls)
    # How many of them were made before programs were let go on, nobody knows.
    watches = watches.filter(since__lte=timezone.now() - rules.MINUTE)
    if not watches.exists():
        return False
    with transaction.atomic():
        audit.lock(token.user_id)
        found = list(watches.order_by("pk"))
        seen = judging.Seen(str(calls), source=token.name)
        stopped = [judging.meet(watch, seen, origin=origin) for watch in found]
        return any(stopped)


def purge() -> int:
    """Deletes reports that nobody can repeat any more. Returns how many."""
    before = timezone.now() - rules.LATEST - rules.AHEAD - timedelta(days=1)
    return Report.objects.filter(received_at__lt=before).delete()[0]
