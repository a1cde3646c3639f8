"""Who may come in, and by what proof. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a sign-in is refused, or ended."""

    INACTIVE = "inactive"
    NO_METHOD = "no_method"
    NO_NUMBER = "no_number"
    EXPIRED = "expired"
    REPORTED = "reported"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when the password was right."""

    active: bool
    activated: bool  # has completed an enrolment before
    devices: Sequence[str]  # persistent ids of authenticators that can prove something
    has_number: bool  # a telephone number on file, for the first enrolment


@dataclass(frozen=True, slots=True)
class Refuse:
    why: Why


@dataclass(frozen=True, slots=True)
class Choose:
    """More than one authenticator: the person chooses."""


@dataclass(frozen=True, slots=True)
class Challenge:
    device: str


@dataclass(frozen=True, slots=True)
class Enrol:
    """First sign-in: the number on file is verified and becomes the first authenticator."""


Decision = Refuse | Choose | Challenge | Enrol


def decide(facts: Facts) -> Decision:
    """Nothing is let in without a second factor; only who never had one may enrol here.

    Somebody whose authenticators were all disabled is refused, not enrolled anew: otherwise a
    guesser would get fresh tries by exhausting the old ones.
    """
    if not facts.active:
        return Refuse(Why.INACTIVE)
    if len(facts.devices) > 1:
        return Choose()
    if facts.devices:
        return Challenge(facts.devices[0])
    if facts.activated:
        return Refuse(Why.NO_METHOD)
    return Enrol() if facts.has_number else Refuse(Why.NO_NUMBER)
