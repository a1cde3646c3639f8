"""A temporary passcode as it is made and read back, and what it opens when. Pure."""

import re
import secrets
import unicodedata
from datetime import datetime
from enum import StrEnum

from accounts.codes import MAX_TYPED, Shape

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I
LENGTH = 8

_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]")


class Refusal(StrEnum):
    """Why none is issued or sent; ``wording.py`` has the sentences."""

    STAFF = "staff"
    CLOSED = "closed"
    NOT_ACTIVATED = "not_activated"
    FROZEN = "frozen"
    LIVE = "live"
    IN_A_ROW = "in_a_row"
    NONE = "none"
    NO_NUMBER = "no_number"
    NO_TEXT = "no_text"
    TOO_OFTEN = "too_often"


class Stage(StrEnum):
    """What a passcode opens."""

    EVERYWHERE = "everywhere"
    CARD_ONLY = "card_only"
    OVER = "over"


def new() -> str:
    """A random passcode."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(text: str) -> tuple[Shape, str]:
    """The shape of ``text`` and, when it is well formed, the passcode.

    Case, spaces, dashes and full-width letters make no difference.
    """
    compact = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:MAX_TYPED])).upper()
    if not compact:
        return Shape.EMPTY, ""
    if not set(compact) <= set(ALPHABET):
        return Shape.LETTERS, ""
    if len(compact) != LENGTH or len(text) > MAX_TYPED:
        short = len(compact) < LENGTH and len(text) <= MAX_TYPED
        return (Shape.TOO_SHORT if short else Shape.TOO_LONG), ""
    return Shape.WELL_FORMED, compact


def stage(now: datetime, *, until: datetime, card_until: datetime) -> Stage:
    """What a passcode opens at ``now``."""
    if now < until:
        return Stage.EVERYWHERE
    return Stage.CARD_ONLY if now < card_until else Stage.OVER


def refusal_to_issue(
    *, staff: bool, active: bool, activated: bool, frozen: bool, live: bool, in_a_row: bool
) -> Refusal | None:
    """Why no passcode is issued to somebody, or None; the first reason that applies."""
    reasons = {
        Refusal.STAFF: staff,
        Refusal.CLOSED: not active,
        Refusal.NOT_ACTIVATED: not activated,
        Refusal.FROZEN: frozen,
        Refusal.LIVE: live,
        Refusal.IN_A_ROW: in_a_row,
    }
    return next((refusal for refusal, applies in reasons.items() if applies), None)
