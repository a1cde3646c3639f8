"""Who may come in, and by what proof. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sls.methods.rules import is_spare


class Why(StrEnum):
    """Why a sign-in is refused, or ended."""

    INACTIVE = "inactive"
    NO_METHOD = "no_method"
    NO_NUMBER = "no_number"
    TOO_WEAK = "too_weak"
    EXPIRED = "expired"
    REPORTED = "reported"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Way:
    """An authenticator that can prove something now.

    ``permanent`` ones are the client's own; the others stand in: the telephone, to which a code is
    ``sent``, and what was printed. ``position`` is the client's own order, 0 for none.
    """

    id: str
    strength: int
    permanent: bool
    sent: bool
    position: int = 0

    @property
    def is_spare(self) -> bool:
        """Whether it is used up by being used, and kept for a bad day."""
        return is_spare(permanent=self.permanent, sent=self.sent)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when the password was right.

    ``least`` is the strength that a policy demands. ``holds_strong`` says that the user has an
    authenticator of that strength, even if it is disabled.
    """

    active: bool
    activated: bool  # has completed an enrolment before
    ways: Sequence[Way]  # in the client's order, else in that of the registry
    has_number: bool  # a telephone number on file, for the first enrolment
    least: int = 0
    holds_strong: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    why: Why


@dataclass(frozen=True, slots=True)
class Choose:
    """More than one authenticator: the person chooses. ``least`` is the strength they all have."""

    devices: Sequence[str]
    least: int = 0


@dataclass(frozen=True, slots=True)
class Challenge:
    """The only one that is offered."""

    device: str
    least: int = 0

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
    """
    if not facts.active:
        return Refuse(Why.INACTIVE)
    least = facts.least
    ways = offered(facts.ways, least)
    if not (ways or facts.holds_strong):
        least, ways = 0, offered(facts.ways)
    if len(ways) > 1:
        return Choose([way.id for way in ways], least)
    if ways:
        return Challenge(ways[0].id, least)
    if facts.activated:
        return Refuse(Why.NO_METHOD)
    return Enrol() if facts.has_number else Refuse(Why.NO_NUMBER)


def on_completion(*, active: bool, strength: int, least: int, holds_strong: bool) -> Why:
    """What becomes of a sign-in whose answer was right: DONE, or why it is refused after all.

    A policy may have begun since the password; who holds what it demands has to use it.
    """
    if not active:
        return Why.INACTIVE
    return Why.TOO_WEAK if holds_strong and strength < least else Why.DONE


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
    HERE = "here"
    FIRST = "first"
    SAFEST = "safest"
    CHOSEN = "chosen"


def because(ways: Sequence[Way], asked: str, *, used_here: str, by_policy: bool) -> Because:
    """Why ``asked`` (an id) is asked for and none of the other ``ways`` that are offered."""
    if by_policy:
        return Because.POLICY
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
