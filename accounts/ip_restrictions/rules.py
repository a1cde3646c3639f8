"""Which addresses and browsers a list lets in. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from accounts.ip_restrictions.networks import place

ALL = "all"
PLATFORMS = ("web", "tws", "mobile", "api")
LABEL_MAX = 40


class State(StrEnum):
    """Where an entry stands. On trial are PROVISIONAL and LEAVING."""

    PENDING = "pending"  # drafted, decides nothing
    PROVISIONAL = "provisional"  # in force, and taken back at its time
    ACTIVE = "active"  # in force; until its time, if it has one
    LEAVING = "leaving"  # not in force, and back at its time
    REMOVED = "removed"


ON_TRIAL = (State.PROVISIONAL, State.LEAVING)
LISTED = (State.PROVISIONAL, State.ACTIVE, State.LEAVING)


class Entry(NamedTuple):  # there may be ten thousand, and a tuple is made in no time
    """What the decision knows of an entry: a span of addresses, or a browser.

    ``turns_at`` is when its state changes by itself. ``browser`` is the digest of its cookie, ""
    for one that was forgotten, and None for addresses.
    """

    platform: str
    state: str
    turns_at: datetime | None
    first: int = 0
    last: int = 0
    browser: str | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Whether it counts at ``now``, whatever has been written down by then."""
        if self.state == State.LEAVING:
            return self.turns_at is not None and now >= self.turns_at
        if self.state in (State.PROVISIONAL, State.ACTIVE):
            return self.turns_at is None or now < self.turns_at
        return False


@dataclass(frozen=True, slots=True)
class Spans:
    """Sorted spans that do not overlap."""

    firsts: Sequence[int]
    lasts: Sequence[int]

    def hold(self, place: int) -> bool:
        """Whether one of them holds the address, in the logarithm of their number."""
        at = bisect_right(self.firsts, place) - 1
        return at >= 0 and place <= self.lasts[at]


def merged(entries: Iterable[tuple[int, int]]) -> Spans:
    """Spans as ``Spans``: what overlaps or touches becomes one."""
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in sorted(entries):
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return Spans(firsts, lasts)


class Decision(StrEnum):
    """Whether somebody may be here, and if not, why."""

    LET_IN = "let_in"
    ADDRESS = "address"
    BROWSER = "browser"

    @property
    def is_let_in(self) -> bool:
        return self is Decision.LET_IN


@dataclass(frozen=True, slots=True)
class AllowList:
    """What is in force from ``since`` until ``until``, ready to be asked.

    ``spans`` and ``browsers`` are by platform; a platform that is not there has no such list.
    """

    since: datetime
    until: datetime
    spans: dict[str, Spans] = field(default_factory=dict)
    browsers: dict[str, Collection[str]] = field(default_factory=dict)

    def holds_at(self, now: datetime) -> bool:
        """Whether it still says what is in force."""
        return self.since <= now < self.until


FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


def compiled(entries: Sequence[Entry], now: datetime) -> AllowList:
    """The list that ``entries`` are at ``now``."""
    turns = [one.turns_at for one in entries if one.turns_at]
    in_force = [one for one in entries if one.is_in_force(now)]
    addresses = [one for one in in_force if one.browser is None]
    browsers = [one for one in in_force if one.browser is not None]
    spans: dict[str, Spans] = {}
    for some, platforms in _by_platform(addresses).items():
        made = merged((one.first, one.last) for one in addresses if one.platform in some)
        spans |= dict.fromkeys(platforms, made)
    known = {
        platform: frozenset(one.browser for one in browsers if one.platform in some)
        for some, platforms in _by_platform(browsers).items()
        for platform in platforms
    }
    return AllowList(
        since=now,
        until=min((turn for turn in turns if turn > now), default=FOR_EVER),
        spans=spans,
        browsers=known,
    )


def _by_platform(entries: Collection[Entry]) -> dict[tuple[str, ...], list[str]]:
    """For each combination of marks that decides for a platform, the platforms it decides for."""
    marks = {one.platform for one in entries}
    found: dict[tuple[str, ...], list[str]] = {}
    for platform in PLATFORMS:
        some = tuple(mark for mark in (ALL, platform) if mark in marks)
        if some:
            found.setdefault(some, []).append(platform)
    return found


def family(platform: str) -> str:
    """The platform of the list: "mobile" for "mobile_ios", "web" for what runs in a browser."""
    return "web" if platform == "webtrader" else platform.partition("_")[0]


def decide(
    allowed: AllowList, *, address: str, platform: str, browser: str, door: str = ""
) -> Decision:
    """The decision. An address that cannot be read and an unknown platform are refused.

    ``browser`` is the digest of the device cookie, "" without one; ``door`` the address that the
    emergency door lets in now, "" while it is closed.
    """
    at, name = place(address), family(platform)
    if at is None or name not in PLATFORMS:
        return Decision.ADDRESS
    if door and at == place(door):
        return Decision.LET_IN
    if name in allowed.spans and not allowed.spans[name].hold(at):
        return Decision.ADDRESS
    if name in allowed.browsers and (not browser or browser not in allowed.browsers[name]):
        return Decision.BROWSER
    return Decision.LET_IN


def opens(before: AllowList, after: AllowList) -> bool:
    """Whether some platform has a list before, of addresses or browsers, and none after."""
    return bool(before.spans.keys() - after.spans.keys()) or bool(
        before.browsers.keys() - after.browsers.keys()
    )


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that was completed."""

    at: datetime
    address: str
    platform: str
    browser: str
    agent: str


def refused(allowed: AllowList, sign_ins: Iterable[SignIn]) -> list[tuple[SignIn, Decision]]:
    """Which of ``sign_ins`` the list would have refused, and why."""
    decided = (
        (one, decide(allowed, address=one.address, platform=one.platform, browser=one.browser))
        for one in sign_ins
    )
    return [(one, decision) for one, decision in decided if not decision.is_let_in]


class Refusal(StrEnum):
    """Why a change of the list is not made."""

    DUPLICATE = "duplicate"
    FULL = "full"
    NO_BROWSER = "no_browser"
    LABEL = "label"
    PLATFORM = "platform"
    NOTHING_DRAFTED = "nothing_drafted"
    ON_TRIAL = "on_trial"
    NOT_ON_TRIAL = "not_on_trial"
    TYPE_ADDRESS = "type_address"  # the list would refuse the one who makes it
    OLD_SESSION = "old_session"
    NOT_FROM_LIST = "not_from_list"
    GONE = "gone"
