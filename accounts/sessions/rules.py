"""When a session has ended, and whether a browser is the one it was. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

TOKEN_GRACE = timedelta(seconds=60)
# What a session may be limited to: the way back after a freeze, and the page of the online security
# code card.
INCIDENT, ONLINE_CARD = "incident", "online_card"
WEB = "web"
# Sessions that last until the end of the week and no longer.
WEEKLY = ("api", "tws", "webtrader")
# Of these one user name has one at a time.
TRADING = ("tws", "webtrader")
SUNDAY = 6


def barred(*, frozen: bool, limited_to: str) -> str:
    """Says "frozen" where a freeze leaves nothing to a session, "thawed" to the limited one that
    was there for the way back, or "" for one that goes on."""
    if limited_to == INCIDENT:
        return "" if frozen else "thawed"
    return "frozen" if frozen else ""


def ended(now: datetime, *, seen_at: datetime, idle_seconds: int, expires_at: datetime) -> str:
    """Says "idle", "absolute", or "" for a session that goes on."""
    if now >= expires_at:
        return "absolute"
    if now >= seen_at + timedelta(seconds=idle_seconds):
        return "idle"
    return ""


def idle_minutes(*, staff: bool, public_computer: bool, limits: dict[str, int]) -> int:
    """The shortest limit that applies. ``limits`` has minutes for client, staff and public."""
    return min(
        limits["staff"] if staff else limits["client"],
        limits["public"] if public_computer else limits["client"],
    )


def is_verified(now: datetime, *, action: str, of: str, until: datetime | None) -> bool:
    """Whether a session's window, which is ``of`` an action, is open for this very action."""
    return until is not None and now < until and action == of


@dataclass(frozen=True, slots=True)
class Marks:
    """What a browser shows of a known series, held against what was handed out in it.

    ``latest_at`` is when the token in force was handed out, ``shown_at`` when the one that is
    shown was, and ``replaced_at`` when the first one after it was; None where no session tells.
    """

    is_latest: bool
    latest_at: datetime | None = None
    shown_at: datetime | None = None
    replaced_at: datetime | None = None
    same_agent: bool = False


def is_in_force(now: datetime, marks: Marks) -> bool:
    """Whether the browser is the one that the series was handed to; False tells of a copy.

    A token that has just been replaced is good for ``TOKEN_GRACE`` in the same program: an answer
    may get lost, or be on its way beside another. Of two handed out within that time either may be
    the one that the browser kept.
    """
    if marks.is_latest:
        return True
    if marks.shown_at is None or marks.replaced_at is None or not marks.same_agent:
        return False
    return now - marks.replaced_at <= TOKEN_GRACE or marks.latest_at - marks.shown_at <= TOKEN_GRACE


def too_many(count: int, *, at_once: int) -> int:
    """How many of ``count`` open sessions have to end to make room for one more."""
    return max(0, count - at_once + 1)


def left(now: datetime, *, seen_at: datetime, idle_seconds: int, expires_at: datetime) -> int:
    """Seconds until a session ends if nothing happens, 0 when it has ended."""
    end = min(expires_at, seen_at + timedelta(seconds=idle_seconds))
    return max(0, math.floor((end - now).total_seconds()))


def most(now: datetime, *, expires_at: datetime) -> int:
    """Seconds that a session may last at most, however much it is used."""
    return max(0, math.floor((expires_at - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Life:
    """How long a session lasts: without use, and in any case; None until its week ends."""

    idle: timedelta | None
    most: timedelta | None


def week_ends(now: datetime, *, zone: tzinfo, hour: int) -> datetime:
    """The next Sunday at ``hour`` on the clocks of ``zone``, after ``now`` and in its zone."""
    local = now.astimezone(zone)
    days = (SUNDAY - local.weekday()) % 7
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0) + timedelta(days=days)
    # A wall clock that is set forward or back in between stays a wall clock.
    if at.astimezone(now.tzinfo) <= now:
        at += timedelta(days=7)
    return at.astimezone(now.tzinfo)


def lasts(now: datetime, life: Life, *, week_ends: datetime) -> tuple[timedelta, datetime]:
    """How long without use, and until when in any case, a session that begins at ``now`` lasts."""
    end = week_ends if life.most is None else min(week_ends, now + life.most)
    return min(life.idle or end - now, end - now), end
