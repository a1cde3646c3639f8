"""Which rules an event meets, and what a rule that is met does. Under the lock of its user."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.api_tokens import services as tokens
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.automation import rules
from accounts.automation.models import Report, Watch
from accounts.automation.rules import Calls, Does, Kind
from accounts.client_accounts.models import ClientAccount, Membership
from accounts.origin import Origin


@dataclass(frozen=True, slots=True)
class Seen:
    """What met a rule: how much, by which program, on which account."""

    much: str
    source: str = ""
    account: str = ""


def seen(watch: Watch, report: Report, *, destination: str) -> Seen | None:
    """What of ``report`` meets ``watch``, or None. At most one query."""
    if report.at < watch.since:
        return None
    name = report.account.number
    if watch.kind == Kind.BANK:
        return Seen(_masked(destination), account=name)
    if watch.kind == Kind.ORDER:
        if not rules.is_order_met(
            amount=report.amount, interface=report.interface, most=watch.most
        ):
            return None
        return Seen(f"{report.amount:.2f}", report.source, name)
    calls = rules.busiest(_around(report, since=watch.since))
    return Seen(str(calls), report.source, name) if calls > watch.most else None


def _masked(destination: str) -> str:
    bare = "".join(destination.split())
    return f"…{bare[-4:]}" if len(bare) > 8 else "…"


def _around(report: Report, *, since: datetime) -> list[Calls]:
    """Whatever shares a minute with calls that were reported, earlier or later."""
    mine = Report.objects.filter(account=report.account, kind=Kind.CALLS, source=report.source)
    began = Calls(report.at, report.count, report.seconds).began
    last = report.at + rules.MINUTE
    ended = mine.filter(at__gte=max(began - rules.MINUTE, since), at__lt=last + rules.LONGEST)
    found = (Calls(*one) for one in ended.values_list("at", "count", "seconds"))
    return [one for one in found if one.began < last]


def was_met(watch: Watch, *, since: datetime) -> bool:
    """Whether something that was reported since then would have met the rule."""
    mine = Membership.objects.filter(user=watch.user_id).values("account")
    found = Report.objects.filter(account__in=mine, kind=watch.kind, at__gt=since)
    if watch.kind == Kind.ORDER:
        found = found.filter(interface__in=rules.PROGRAMS, amount__gt=watch.most)
    if watch.kind != Kind.CALLS:
        return found.exists()
    by_program: dict[tuple[int, str], list[Calls]] = {}
    for account, source, *calls in found.values_list("account", "source", "at", "count", "seconds"):
        by_program.setdefault((account, source), []).append(Calls(*calls))
    return any(rules.busiest(calls) > watch.most for calls in by_program.values())


def watching(account: ClientAccount, kind: Kind) -> list[Watch]:
    """The rules of that kind of everybody on the account, whose locks are taken in their order."""
    members = Membership.objects.filter(account=account).values("user")
    watches = Watch.objects.filter(kind=kind, user__in=members)
    for user_id in sorted(set(watches.values_list("user_id", flat=True))):
        audit.lock(user_id)
    # As they are under the locks.
    return list(watches.order_by("user_id", "pk"))


def meet(watch: Watch, met: Seen, *, origin: Origin) -> bool:
    """Does what the rule says, tells its user unless that is known. Returns whether it was this
    that stopped all automation. The caller holds the user's lock."""
    now = timezone.now()
    user = audit.lock(watch.user_id)  # what was met before has moved the chain
    stops = watch.does == Does.STOP and user.automation_stopped_at is None
    kind, does = Kind(watch.kind), Does(watch.does)
    if not rules.is_told(does, kind, stops=stops, told_at=watch.told_at, now=now):
        return False
    about = detail(watch) | {"seen": met.much, "source": met.source, "account": met.account}
    about |= {"stopped": stops}
    event = Event.AUTOMATION_RULE_MET
    audit.record(event, user=user, origin=origin, actor="system", detail=about)
    Watch.objects.filter(pk=watch.pk).update(told_at=now)
    if stops:
        tokens.stop_automation(user_id=user.pk, origin=origin, why="rule")
    return stops


def detail(watch: Watch) -> dict[str, str]:
    """A rule in an entry."""
    most: Decimal | None = watch.most
    return {"rule": watch.kind, "most": f"{most:.2f}" if most else "", "does": watch.does}
