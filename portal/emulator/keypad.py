"""The keys of a card and what its display shows. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

WIDTH = 8  # characters of the display
PIN_DIGITS, CHALLENGE_DIGITS = 4, 6
AWAKE_SECONDS = 60.0
PRESS, OK, CLEAR = "P", "K", "C"
DIGITS = "0123456789"


class Stage(StrEnum):
    """What the card waits for."""

    OFF = "off"
    PIN = "pin"
    CHALLENGE = "challenge"
    RESPONSE = "response"


ASKED = {Stage.PIN: PIN_DIGITS, Stage.CHALLENGE: CHALLENGE_DIGITS}


@dataclass(frozen=True, slots=True)
class Face:
    """What a card keeps from one press to the next; ``typed`` is the response once it shows one."""

    stage: Stage = Stage.OFF
    typed: str = ""
    pin: str = ""

    @property
    def display(self) -> str:
        """Its characters. Digits of the PIN show as dashes."""
        if self.stage is Stage.PIN:
            return f"PIN>{'-' * len(self.typed)}".ljust(WIDTH)
        if self.stage is Stage.CHALLENGE and not self.typed:
            return "CHALLNG>"
        return self.typed.ljust(WIDTH)


def pressed(face: Face, key: str, respond: Callable[[str, str], str]) -> Face:
    """The card after ``key``. ``respond`` computes, from PIN and challenge; the card itself cannot
    tell a wrong PIN."""
    if key == PRESS:
        return Face(Stage.PIN)
    asked = ASKED.get(face.stage, 0)
    if key == CLEAR:
        return replace(face, typed=face.typed[:-1]) if asked else face
    if key == OK:
        return _taken(face, respond) if asked == len(face.typed) else face
    return replace(face, typed=face.typed + key) if len(face.typed) < asked else face


def _taken(face: Face, respond: Callable[[str, str], str]) -> Face:
    if face.stage is Stage.PIN:
        return Face(Stage.CHALLENGE, pin=face.typed)
    if face.stage is Stage.CHALLENGE:
        return Face(Stage.RESPONSE, respond(face.pin, face.typed))
    return face
