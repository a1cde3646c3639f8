"""Which proofs together are enough to come back in, for what, and when. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sls.methods.rules import Strength


class Goal(StrEnum):
    """What was lost."""

    PASSWORD = "password"  # noqa: S105
    FACTOR = "factor"


class Second(StrEnum):
    """What is proven besides the code that came by mail."""

    NOTHING = "nothing"
    PASSWORD = "password"  # noqa: S105
    WEAK = "weak"  # an authenticator, but weaker than what the person holds or a policy demands
    STRONG = "strong"


class Leads(StrEnum):
    """What the proofs open."""

    NOWHERE = "nowhere"
    NEW_PASSWORD = "new_password"  # noqa: S105
    NEW_FACTOR_LATER = "new_factor_later"  # after the wait of which every contact is told


# Each line is what a code by mail and this second proof lead to together. It is never enough alone
# (NIST SP 800-63B-4, 4.2: two recovery codes by different ways, or one and a bound authenticator).
TABLE: dict[tuple[Goal, Second], Leads] = {
    (Goal.PASSWORD, Second.NOTHING): Leads.NOWHERE,
    (Goal.PASSWORD, Second.WEAK): Leads.NOWHERE,
    (Goal.PASSWORD, Second.STRONG): Leads.NEW_PASSWORD,
    (Goal.PASSWORD, Second.PASSWORD): Leads.NOWHERE,  # who knows it has not forgotten it
    (Goal.FACTOR, Second.NOTHING): Leads.NOWHERE,
    (Goal.FACTOR, Second.PASSWORD): Leads.NEW_FACTOR_LATER,
    (Goal.FACTOR, Second.WEAK): Leads.NEW_FACTOR_LATER,
    (Goal.FACTOR, Second.STRONG): Leads.NOWHERE,  # it signs in, or replaces the password, by itself
}


@dataclass(frozen=True, slots=True)
class Person:
    """``strongest`` is what they hold, be it disabled by wrong codes; printed codes do not count.
    ``least`` is what a policy demands of them."""

    staff: bool
    strongest: int
    least: int


@dataclass(frozen=True, slots=True)
class Way:
    """An authenticator that can prove something now. A number is ``settled`` when neither it nor
    its SIM card is new."""

    strength: int
    settled: bool = True


def needed(person: Person) -> int:
    """How strong a second factor is strong for this person.

    Whoever holds more than a telephone is asked for more: guessing at the strong one until it is
    disabled does not open the weak one. Staff never recover by telephone.
    """
    wanted = max(Strength.TYPED_CODE, person.least)
    floor = Strength.TYPED_CODE if person.staff else Strength.TELEPHONE
    return max(floor, min(wanted, person.strongest))


def second(way: Way, person: Person) -> Second:
    """What an answer of ``way`` proves."""
    if not way.settled:
        return Second.NOTHING
    return Second.STRONG if way.strength >= needed(person) else Second.WEAK


def leads(goal: Goal, proof: Second, *, staff: bool) -> Leads:
    """What a code by mail and ``proof`` open. Staff get no new factor here: that takes two."""
    to = TABLE[goal, proof]
    return Leads.NOWHERE if staff and to is Leads.NEW_FACTOR_LATER else to


class Ended(StrEnum):
    """Why a recovery is over."""

    NEW_PASSWORD = "new_password"  # noqa: S105
    WAITING = "waiting"
    ENROLLED = "enrolled"
    STOPPED = "stopped"  # something changed on which it stood, or it was cancelled


class Stage(StrEnum):
    """What is asked for next."""

    MAIL = "mail"
    CHOOSE = "choose"
    ANSWER = "answer"
    OLD_PASSWORD = "old_password"  # noqa: S105
    NEW_PASSWORD = "new_password"  # noqa: S105
    CONFIRM = "confirm"  # that the wait is to begin
    ENROL = "enrol"
    ENROL_ANSWER = "enrol_answer"
    DONE = "done"
    STOPPED = "stopped"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Facts:
    """How far a recovery has come. ``tries`` are those left for the code by mail; ``asked`` says
    that an answer is awaited; ``ripe`` that the wait for a new factor is over."""

    goal: Goal
    expires_at: datetime
    ended: str
    tries: int
    mailed: bool
    asked: bool
    proven: bool
    ripe: bool


def stage(now: datetime, facts: Facts) -> Stage:
    """The one thing that may be done now; whatever else is posted changes nothing."""
    if facts.ended:
        return Stage.STOPPED if facts.ended == Ended.STOPPED else Stage.DONE
    if now >= facts.expires_at:
        return Stage.OVER
    if not facts.mailed:
        return Stage.MAIL if facts.tries else Stage.OVER
    if not facts.proven:
        if facts.asked:
            return Stage.ANSWER
        return Stage.CHOOSE if facts.goal is Goal.PASSWORD else Stage.OLD_PASSWORD
    if facts.goal is Goal.PASSWORD:
        return Stage.NEW_PASSWORD
    if not facts.ripe:
        return Stage.CONFIRM
    return Stage.ENROL_ANSWER if facts.asked else Stage.ENROL


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may come back in at all."""

    active: bool
    locked: bool  # after wrong passwords


def may_wait(standing: Standing, person: Person) -> bool:
    """Whether the wait for a new factor may begin, and end in one: not while a name is closed or
    locked, and never for staff."""
    return standing.active and not standing.locked and not person.staff


REFERENCE_LENGTH = 12
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def read_reference(text: str) -> str:
    """The reference that was meant, "" for what cannot be one."""
    folded = unicodedata.normalize("NFKC", text[:64]).upper()
    compact = re.sub(r"[\s\-\u2010-\u2015]", "", folded)
    is_one = len(compact) == REFERENCE_LENGTH and set(compact) <= set(REFERENCE_LETTERS)
    return compact if is_one else ""


def written(reference: str) -> str:
    """``"R7KD-2QXM-9PTA"``."""
    return "-".join(reference[at : at + 4] for at in range(0, len(reference), 4))
