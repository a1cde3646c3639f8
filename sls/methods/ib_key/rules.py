"""What a phone is asked and answers, and what becomes of a push. Pure."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from accounts import codes
from sls.algorithms import ocra
from sls.algorithms.risk import Level

CHALLENGE_DIGITS, RESPONSE_DIGITS, MATCH_DIGITS = 6, 8, 3
SECRET_BYTES = 32
SUITE = "OCRA-1:HOTP-SHA256-8:QN06"
SUITE_WITH_PIN = f"{SUITE}-PSHA256"
FIRST_QUESTION = "000000"  # what a phone answers to show that it has its secret
_PIN = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{4,6}")
# Without 0 O 1 I L: it is read from a screen and typed.
SESSION_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SESSION_LENGTH = 8
AGAIN_AFTER = timedelta(seconds=20)


class Element(StrEnum):
    """What stands between a finger and the secret on the phone."""

    BIOMETRICS = "biometrics"
    PIN = "pin"


class State(StrEnum):
    """What became of a push."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WRONG = "wrong"  # other digits than those of the page were typed
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    USED = "used"


class Why(StrEnum):
    """Why somebody refused."""

    CANCELLED = "cancelled"
    NOT_ME = "not_me"
    UNSURE = "unsure"


def is_pin(text: str) -> bool:
    """Four to six ASCII letters and digits, one digit at least (DOMAIN 1.2)."""
    return _PIN.fullmatch(text) is not None


def is_enough(risk: Level, *, own: bool) -> bool:
    """Whether an activation as unusual as ``risk`` may be proven on the phone itself: by something
    of the client's ``own``, a card, or by a telephone number. What is not is left to the portal,
    which weighs the sign-in there and shows a session ID."""
    return risk < (Level.REFUSED if own else Level.STRONGER)


def suite(element: str) -> str:
    """The OCRA suite of a phone with this security element (CONTRACT 6)."""
    return SUITE_WITH_PIN if element == Element.PIN else SUITE


def is_response(secret: bytes, question: str, answer: str, *, pin: str | None) -> bool:
    """Whether a phone with ``secret`` answers ``question`` so; ``pin`` is None behind biometrics.

    A wrong PIN gives another answer and nothing else, so a stolen phone tells nobody whether it
    was right.
    """
    with_pin = SUITE if pin is None else SUITE_WITH_PIN
    return codes.same(ocra.compute(with_pin, secret, question, pin=pin), answer)


def state(
    stored: str, *, now: datetime, expires_at: datetime, challenge_open: bool, used: bool
) -> State:
    """How a push stands now: what was stored, and what time and its challenge make of it."""
    if stored == State.APPROVED:
        return State.USED if used else _while_open(State.APPROVED, challenge_open)
    if stored != State.WAITING:
        return State(stored)
    if used:
        return State.USED  # answered by the response instead
    return State.EXPIRED if now >= expires_at else _while_open(State.WAITING, challenge_open)


def _while_open(held: State, challenge_open: bool) -> State:
    return held if challenge_open else State.EXPIRED


def again_in(last: datetime, *, now: datetime) -> int:
    """Seconds until the phone may be asked again for the same page; 0 for now."""
    return max(0, ceil((last + AGAIN_AFTER - now).total_seconds()))


def push_in(sent: list[datetime], *, now: datetime, most: int, within: timedelta) -> int:
    """Seconds until one more push may go out, after those ``sent`` without success; 0 for now
    (ASVS 6.6.4)."""
    counted = sorted(at for at in sent if now - at < within)
    if len(counted) < most:
        return 0
    return max(1, ceil((counted[-most] + within - now).total_seconds()))
