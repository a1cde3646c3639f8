"""What a policy demands of a sign-in, and when people are told of it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sls.methods.rules import Strength

DEMANDED = Strength.PHISHING_RESISTANT


@dataclass(frozen=True, slots=True)
class Standing:
    """``least`` is the strength that a sign-in must have today, 0 for any, demanded ``since``.

    ``coming`` is the day from which ``DEMANDED`` will be, None when nothing is coming.
    """

    least: int = 0
    since: date | None = None
    coming: date | None = None

    def enrol_only_from(self, *, strength: int, holds_strong: bool) -> date | None:
        """The day from which a session proven by ``strength`` may only enrol, None for never.

        Whoever holds something strong enough has nothing to enrol.
        """
        if holds_strong or strength >= DEMANDED:
            return None
        return self.since or self.coming


def standing(days: Iterable[date | None], today: date) -> Standing:
    """What the policies that begin on these ``days`` demand; the strictest is the earliest."""
    first = min((day for day in days if day is not None), default=None)
    if first is None:
        return Standing()
    if first <= today:
        return Standing(least=DEMANDED, since=first)
    return Standing(coming=first)


class Stage(StrEnum):
    """The three times that people are told."""

    MADE = "made"
    WEEK = "week"
    DAY = "day"


REMINDERS = {Stage.WEEK: timedelta(days=7), Stage.DAY: timedelta(days=1)}


def stage_due(*, begins: date, made: date, told: Collection[Stage], today: date) -> Stage | None:
    """What people are to be told today.

    A reminder whose time had come when the policy was made is left out, and a week's notice is
    not sent late on the last day.
    """
    if Stage.MADE not in told:
        return Stage.MADE
    for stage in (Stage.DAY, Stage.WEEK):
        at = begins - REMINDERS[stage]
        if at <= today < begins:
            return None if stage in told or made >= at else stage
    return None


def days_short(*, begins: date, today: date, notice: int) -> int:
    """How many days of ``notice`` are missing; 0 when there are enough."""
    return max(0, notice - (begins - today).days)
