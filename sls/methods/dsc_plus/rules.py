"""What a card is asked and answers, its PIN, and who may have one. Pure."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from accounts import codes
from sls.algorithms import ocra
from sls.algorithms.permutation import nth

CHALLENGE_DIGITS, RESPONSE_DIGITS, PIN_DIGITS = 6, 8, 4
CHALLENGES = 10**CHALLENGE_DIGITS
# Of all challenges a card could be asked; beyond it answers seen before would begin to help.
SPENT = CHALLENGES // 10
SEED_BYTES = 20
LOOK_AHEAD = 10  # presses of the card that were never sent in
FAR_AHEAD = 300  # as many when two responses in a row say so


class Unfit(StrEnum):
    """Why a PIN is not taken."""

    NOT_FOUR_DIGITS = "not_four_digits"
    REPEATED = "repeated"
    RUN = "run"
    YEAR = "year"
    PERSONAL = "personal"


def unfit_pin(pin: str, *, personal: str = "") -> Unfit | None:
    """Why nobody should choose ``pin``, or None. ``personal`` holds digits that others know of
    the person: telephone numbers, account numbers, postal codes (KB2269)."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return Unfit.NOT_FOUR_DIGITS
    if pin[:2] == pin[2:] or len(set(pin)) == 1:
        return Unfit.REPEATED
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if steps in ({1}, {9}):
        return Unfit.RUN
    if pin[:2] in ("19", "20"):
        return Unfit.YEAR
    return Unfit.PERSONAL if pin in personal else None


def unfit_token(suite: str, seed: bytes) -> str:
    """Why a key of a delivery is no card of ours, in words for an operator; "" if it is one."""
    try:
        parts = ocra.parse(suite)
    except ValueError:
        return "no OCRA suite"
    if (parts.form, parts.length, parts.digits) != ("N", CHALLENGE_DIGITS, RESPONSE_DIGITS):
        return f"the suite {suite} does not answer six digits with eight"
    if parts.session or parts.time or parts.hash == "sha1":
        return f"the suite {suite} is not one for cards"
    if len(seed) < SEED_BYTES:
        return f"the seed has {len(seed)} bytes, not {SEED_BYTES} at least"
    return ""


def is_eligible(*, equity_usd: Decimal, threshold_usd: Decimal, allowed_by_staff: bool) -> bool:
    """More than the threshold; exactly the threshold is not more (DOMAIN T1)."""
    return allowed_by_staff or equity_usd > threshold_usd


def required_from(shipped_at: datetime, days: int) -> datetime:
    """From when a shipped card is in use even if it was never activated."""
    return shipped_at + timedelta(days=days)


def challenge(order: bytes, issued: int) -> str:
    """The challenge after ``issued`` earlier ones in the secret order of a card."""
    return f"{nth(order, issued, CHALLENGES):0{CHALLENGE_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an answer came to. ``counter`` and ``awaited`` are the card's from now on."""

    right: bool
    counter: int
    awaited: int | None = None


def weigh(
    suite: str,
    seed: bytes,
    question: str,
    answer: str,
    *,
    pin: str,
    counter: int,
    awaited: int | None,
) -> Weighed:
    """Whether a card with ``seed`` and ``pin`` answers ``question`` so.

    In suites with a counter the card may be some presses ahead. One that is further ahead proves
    it by two responses in a row: the first is wrong but says which is ``awaited``, and that one is
    right (RFC 4226 section 7.4). Raises ``ValueError`` for a suite that is none of a card.
    """
    parts = ocra.parse(suite)
    known_pin = pin if parts.pin else None
    if not parts.counter:
        response = ocra.compute(suite, seed, question, pin=known_pin)
        return Weighed(codes.same(response, answer), counter)

    def first_match(presses: Iterable[int]) -> int | None:
        for press in presses:
            response = ocra.compute(suite, seed, question, counter=press, pin=known_pin)
            if codes.same(response, answer):
                return press
        return None

    near = counter + LOOK_AHEAD
    own = first_match([*range(counter, near + 1), *([] if awaited is None else [awaited])])
    if own is not None:
        return Weighed(True, own + 1)
    far = first_match(range(near + 1, counter + FAR_AHEAD + 1))
    return Weighed(False, counter, None if far is None else far + 1)
