"""What the pages of travel notices show: read from the tables, nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.users.models import User
from sls.methods import registry
from sls.travel import checklist, wording
from sls.travel.models import Notice
from sls.travel.rules import Stage

PAST_SHOWN = 5
OPEN = (Stage.NOW, Stage.COMING)


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice in words; ``tone`` and ``state`` say where it stands."""

    pk: int
    days: str
    where: str
    tone: str
    state: str
    is_open: bool


def shown(notice: Notice, now: datetime) -> Shown:
    stage = notice.stage(now)
    tone, state = wording.stage(stage)
    days, where = wording.days(notice), wording.where(notice)
    return Shown(notice.pk, days, where, tone, state, is_open=stage in OPEN)


def listing(user: User, now: datetime) -> dict[str, Sequence[Shown]]:
    """``open`` ones, those in force first, and the last few of the ``past``. Two queries."""
    mine = Notice.objects.filter(user=user)
    coming = mine.in_hand(now).order_by("starts_at")
    over = mine.exclude(pk__in=coming.values("pk")).order_by("-starts_at", "-pk")[:PAST_SHOWN]
    return {
        "open": [shown(one, now) for one in coming],
        "past": [shown(one, now) for one in over],
    }


def one(notice: Notice, *, user: User, now: datetime) -> dict:
    """``shown``, the authenticators that go along, and, until it is over, what to check."""
    about = shown(notice, now)
    held = registry.devices(user.pk)
    return {
        "shown": about,
        "along": [registry.label(row) for row in held if row.id in notice.devices],
        "checks": checklist.checks(notice, held, user=user) if about.is_open else [],
        "advice": checklist.advice() if about.is_open else [],
    }
