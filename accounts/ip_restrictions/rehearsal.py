"""What a list would have done with the sign-ins of the last 90 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts import places
from accounts.audit.events import Event
from accounts.audit.models import Entry as AuditEntry
from accounts.ip_restrictions import rules, wording
from accounts.ip_restrictions.deciding import entries
from accounts.ip_restrictions.models import COLUMNS, Restriction, entry
from accounts.ip_restrictions.rules import Decision, SignIn, State
from accounts.sessions.models import Session
from accounts.users.models import User

SHOWN = 10
COMPLETED = (Event.SIGNED_IN, Event.SIGNED_IN_NEW_DEVICE)


@dataclass(frozen=True, slots=True)
class Miss:
    """A sign-in that would not have passed: when, from where in words, and ``why``."""

    at: datetime
    address: str
    country: str
    agent: str
    platform: str
    why: Decision

    @property
    def reason(self) -> str:
        """``why`` in words."""
        return wording.missed(self.why)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``passed`` of ``total`` sign-ins; of the others the newest (``misses``)."""

    total: int
    passed: int
    misses: Sequence[Miss]

    @property
    def missed(self) -> int:
        return self.total - self.passed

    @property
    def unshown(self) -> int:
        return self.missed - len(self.misses)


def rehearse(user: User, *, without: Restriction | None = None) -> Rehearsal:
    """The list with everything drafted, or ``without`` an entry, put to the sign-ins there were.

    Four queries at most. Sign-ins by the emergency door count like others.
    """
    now = timezone.now()
    if without is None:
        drafted = Restriction.objects.filter(user=user, state=State.PENDING)
        new = (entry(row, drafted=True) for row in drafted.values_list(*COLUMNS))
        listed = [*entries(user.pk), *new]
    else:
        rest = Restriction.objects.filter(user=user).listed().exclude(pk=without.pk)
        listed = [entry(row) for row in rest.values_list(*COLUMNS)]
    done = sign_ins(user, since=now - timedelta(days=settings.REHEARSAL_DAYS))
    refused = rules.refused(rules.compiled(listed, now), done)
    misses = [_miss(one, why) for one, why in refused[:SHOWN]]
    return Rehearsal(len(done), len(done) - len(refused), misses)


def sign_ins(user: User, *, since: datetime) -> list[SignIn]:
    """Completed sign-ins, newest first. Two queries."""
    done = AuditEntry.objects.filter(user=user, at__gte=since, event__in=COMPLETED)
    rows = list(done.order_by("-at").values_list("at", "origin", "detail"))
    # The record knows no browser; its session does, for as long as that is kept.
    opened = Session.objects.filter(user=user, opened_at__gte=since).exclude(browser="")
    browsers = {key[:12]: browser for key, browser in opened.values_list("key", "browser")}
    return [
        SignIn(
            at=at,
            address=origin.get("address", ""),
            platform=origin.get("platform", ""),
            browser=browsers.get(detail.get("session", ""), ""),
            agent=origin.get("agent", ""),
        )
        for at, origin, detail in rows
    ]


def _miss(one: SignIn, why: Decision) -> Miss:
    country = places.name_of(places.country(one.address))
    return Miss(one.at, one.address, country, one.agent, one.platform, why)
