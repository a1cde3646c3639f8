"""Who may come in, and by what proof. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.lockout.rules import Bar, may_authenticate
from sls.algorithms.risk import Level
from sls.methods.rules import Strength, is_spare


class Why(StrEnum):
    """Why a sign-in is refused, or ended."""

    INACTIVE = Bar.INACTIVE.value
    FROZEN = Bar.FROZEN.value
    LOCKED = Bar.LOCKED.value
    UNUSUAL = "unusual"
    NO_METHOD = "no_method"
    NO_NUMBER = "no_number"
    TOO_WEAK = "too_weak"
    ADDRESS = "address"
    EXPIRED = "expired"
    REPORTED = "reported"
    NOT_HERE = "not_here"  # none of the ways that would do works on that platform
    PASSWORD_DEMANDED = "password_demanded"  # noqa: S105
    PORTAL = "portal"  # only the portal lets in whoever that is
    SESSION_IN_USE = "session_in_use"
    PORTAL_ONLY = "portal_only"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    UNDONE = "undone"
    DONE = "done"
    UNLOCKED = "unlocked"


@dataclass(frozen=True, slots=True)
class Way:
    """An authenticator that can prove something now.

    ``permanent`` ones are the client's own; the others stand in: the telephone, to which a code is
    ``sent``, and what was printed. ``position`` is the client's own order, 0 for none. ``here``
    says that the platform can take its answers.
    """

    id: str
    strength: int
    permanent: bool
    sent: bool
    position: int = 0
    here: bool = True

    @property
    def is_spare(self) -> bool:
        """Whether it is used up by being used, and kept for a bad day."""
        return is_spare(permanent=self.permanent, sent=self.sent)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when the password was right.

    ``least`` is the strength that a policy demands. ``holds_strong`` says that the user has an
    authenticator of that strength, even if it is disabled; ``lost_own`` that wrong codes have
    disabled one of the client's own. ``locked`` is of the counter that judged the password;
    ``risk`` says how unusual the sign-in is; ``let_in`` that the list of addresses lets in where
    the request comes from. ``on_platform`` is another one than the portal, where nobody enrols,
    staff have nothing to do, and a password that somebody else may know (``password_demanded``)
    opens nothing.
    """

    active: bool
    frozen: bool
    activated: bool  # has completed an enrolment before
    ways: Sequence[Way]  # in the client's order, else in that of the registry
    has_number: bool  # a telephone number on file, for the first enrolment
    least: int = 0
    holds_strong: bool = False
    locked: bool = False
    risk: Level = Level.USUAL
    lost_own: bool = False
    let_in: bool = True
    on_platform: bool = False
    staff: bool = False
    password_demanded: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    why: Why


@dataclass(frozen=True, slots=True)
class Choose:
    """More than one authenticator: the person chooses. ``least`` is the strength they all have
    because of a policy, ``careful`` because the sign-in is unusual."""

    devices: Sequence[str]
    least: int = 0
    careful: int = 0


@dataclass(frozen=True, slots=True)
class Challenge:
    """The only one that is offered."""

    device: str
    least: int = 0
    careful: int = 0

    @property
    def devices(self) -> Sequence[str]:
        return (self.device,)


@dataclass(frozen=True, slots=True)
class Enrol:
    """First sign-in: the number on file is verified and becomes the first authenticator."""


Decision = Refuse | Choose | Challenge | Enrol


def decide(facts: Facts) -> Decision:
    """Nothing is let in without a second factor; only who never had one may enrol here.

    Nothing weaker than ``least`` is offered, except to somebody who never had anything that
    strong: what they have lets them in to enrol it, and nowhere else (``finish``). Somebody whose
    authenticators were all disabled is refused, not enrolled anew, and somebody whose strong ones
    were is not let in by a weak one: otherwise a guesser would get further by exhausting them.

    What is unusual takes away from what would be offered, and never adds to it (``careful``). A
    platform takes away what does not work there, and that comes last: it demands what the portal
    demands.
    """
    why = _shut_out(facts)
    if why:
        return Refuse(why)
    least = facts.least
    ways = offered(facts.ways, least)
    if not (ways or facts.holds_strong):
        least, ways = 0, offered(facts.ways)
    demanded = max(
        careful(facts.risk, ways, lost_own=facts.lost_own),
        Strength.PHISHING_RESISTANT if facts.locked else 0,
    )
    left = enough(ways, demanded)
    if ways and not left:
        return Refuse(Why.LOCKED if facts.locked else Why.UNUSUAL)
    if left:
        return _ask(left, least, demanded, locked=facts.locked)
    if facts.activated:
        return Refuse(Why.NO_METHOD)
    if facts.on_platform:
        return Refuse(Why.PORTAL)
    return Enrol() if facts.has_number else Refuse(Why.NO_NUMBER)


def _shut_out(facts: Facts) -> Why | None:
    """Why nothing is asked at all, or None."""
    has_passkey = any(way.strength >= Strength.PHISHING_RESISTANT for way in facts.ways)
    # A lock leaves the passkey, whoever comes by it.
    bar = may_authenticate(
        active=facts.active, frozen=facts.frozen, locked=facts.locked, by_passkey=has_passkey
    )
    if bar:
        return Why(bar)
    if not facts.let_in:
        return Why.ADDRESS
    if not facts.on_platform:
        return None
    if facts.staff:
        return Why.PORTAL
    return Why.PASSWORD_DEMANDED if facts.password_demanded else None


def _ask(enough: Sequence[Way], least: int, demanded: int, *, locked: bool) -> Decision:
    left = [way for way in enough if way.here]
    if not left:
        return Refuse(Why.LOCKED if locked else Why.NOT_HERE)
    if len(left) > 1:
        return Choose([way.id for way in left], least, demanded)
    return Challenge(left[0].id, least, demanded)


def careful(risk: Level, ways: Sequence[Way], *, lost_own: bool) -> int:
    """How strong an authenticator of the client's own an unusual sign-in takes; 0 for any at all.

    Whoever holds one (``lost_own``: held one until wrong codes disabled it, which a guesser may
    have done) does not get in by the telephone or by printed codes. Whoever never had one does:
    there is nothing stronger to demand. What is refused is left to a passkey.
    """
    if risk >= Level.REFUSED:
        return Strength.PHISHING_RESISTANT
    if risk >= Level.STRONGER and (lost_own or enough(ways, Strength.TYPED_CODE)):
        return Strength.TYPED_CODE
    return 0


def enough(ways: Sequence[Way], demanded: int) -> list[Way]:
    """Those of ``ways`` that are enough where ``demanded`` is what ``careful`` said."""
    return [way for way in ways if not demanded or _is_own(way.permanent, way.strength, demanded)]


BEGINNING = timedelta(days=1)  # in which a new owner sets an account up


def settled_by(
    *, frozen_at: datetime, activated_at: datetime | None, settles: timedelta
) -> datetime:
    """Until when an authenticator has to have been added to lead back after a freeze.

    What is newer than ``settles`` at the freeze may be that of whoever came in; what an account
    began with is its owner's however new both are.
    """
    began = activated_at + BEGINNING if activated_at else frozen_at - settles
    return min(frozen_at, max(frozen_at - settles, began))


def _is_own(permanent: bool, strength: int, demanded: int) -> bool:
    return permanent and strength >= demanded


def on_completion(
    *,
    active: bool,
    frozen: bool,
    let_in: bool,
    strength: int,
    least: int,
    holds_strong: bool,
    locked: bool = False,
    permanent: bool = True,
    demanded: int = 0,
    to_thaw: bool = False,
    elsewhere: bool = False,
    renew_first: bool = False,
) -> Why:
    """What becomes of a sign-in whose answer was right: DONE, or why it is refused after all.

    A policy may have begun since the password; who holds what it demands has to use it. The name
    may have been locked since, and the sign-in may have become unusual (``demanded``). What leads
    ``to_thaw`` leads there only while there is a freeze. ``elsewhere`` says that what was proven
    opens a page of the portal alone, and the sign-in is to another platform; ``renew_first`` that
    a new password is demanded, and it is.
    """
    by_passkey = strength >= Strength.PHISHING_RESISTANT
    if bar := may_authenticate(
        active=active, frozen=frozen, locked=locked, by_passkey=by_passkey, to_thaw=to_thaw
    ):
        return Why(bar)
    if to_thaw and not frozen:
        return Why.EXPIRED
    if not let_in:
        return Why.ADDRESS
    if renew_first:
        return Why.PASSWORD_DEMANDED
    if elsewhere:
        return Why.PORTAL_ONLY
    if holds_strong and strength < least:
        return Why.TOO_WEAK
    if demanded and not _is_own(permanent, strength, demanded):
        return Why.UNUSUAL
    return Why.DONE


def at_the_door(ways: Sequence[Way], *, lost: int = 0) -> list[Way]:
    """What opens the emergency door: the strongest that somebody holds, and nothing beside it.

    ``lost`` is the strength of the strongest that wrong codes have disabled, 0 for none: whose
    strongest that is does not get by with less, because somebody may have exhausted it.
    """
    least = max((way.strength for way in ways), default=0)
    return offered(ways, max(least, lost))


def offered(ways: Sequence[Way], least: int = 0) -> list[Way]:
    """What is strong enough, in the order of the page.

    The given order stands, but what only stands in comes behind what is permanent: printed codes,
    then the telephone, which is last once there is something better (DOMAIN T8).
    """
    strong = [way for way in ways if way.strength >= least]
    better = any(way.permanent for way in strong)
    return sorted(strong, key=lambda way: _rank(way, better=better))


def _rank(way: Way, *, better: bool) -> int:
    if way.permanent:
        return 0
    if way.is_spare:
        return 1
    return 2 if better else 0


def is_fallback(way: Way, ways: Sequence[Way]) -> bool:
    """Whether ``way`` is there for the time when nothing better among ``ways`` is at hand."""
    return way.sent and not way.permanent and any(one.permanent for one in ways)


def preferred(ways: Sequence[Way], used_here: str) -> Way:
    """What is preselected of ``ways`` as ``offered``: what last completed a sign-in in this
    browser, else the first. Printed codes only where there is nothing else."""
    usual = [way for way in ways if not way.is_spare] or list(ways)
    return next((way for way in usual if way.id == used_here), usual[0])


class Because(StrEnum):
    """Why the page asks for this authenticator."""

    ONLY = "only"  # there is no other
    POLICY = "policy"
    UNUSUAL = "unusual"
    HERE = "here"
    FIRST = "first"
    SAFEST = "safest"
    CHOSEN = "chosen"


def because(
    ways: Sequence[Way], asked: str, *, used_here: str, by_policy: bool, is_careful: bool = False
) -> Because:
    """Why ``asked`` (an id) is asked for and none of the other ``ways`` that are offered."""
    if by_policy:
        return Because.POLICY
    if is_careful:
        return Because.UNUSUAL
    if len(ways) < 2:
        return Because.ONLY
    way = preferred(ways, used_here)
    if way.id != asked:
        return Because.CHOSEN
    if way.id == used_here:
        return Because.HERE
    if way.position and way.position <= min(one.position for one in ways if one.position):
        return Because.FIRST
    others = (one.strength for one in ways if one is not way)
    return Because.SAFEST if way.strength > max(others) else Because.CHOSEN
