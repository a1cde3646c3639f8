"""Codes for people: made, grouped for the eye, spelt for the ear, read back forgivingly. Pure."""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like 1 and 0
MAX_TYPED = 64
CODE_LENGTH = 6  # digits of a code that is sent


class Shape(StrEnum):
    """What somebody typed, before it is compared with anything."""

    WELL_FORMED = "well_formed"
    EMPTY = "empty"
    LETTERS = "letters"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed code: its shape, its ASCII digits, and the reference letters if any were typed."""

    shape: Shape
    digits: str = ""
    reference: str = ""


def numeric(length: int) -> str:
    """A random code of ``length`` decimal digits, leading zeros included."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def reference() -> str:
    """Three letters that tie a message to the page it was asked from. Not a secret."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(3))


def read(text: str, *, length: int) -> Typed:
    """What was meant by ``text``: "493 817", "KMP-493817", "#493817" and full-width digits do.

    ``length`` is the number of digits expected. Nothing is cut off: what is too long says so.
    """
    folded = unicodedata.normalize("NFKC", text[:MAX_TYPED]).strip()
    letters, rest = "", folded
    match = re.match(r"([A-Za-z]{3})[\s\-\u2010-\u2015]+", folded)
    if match:
        letters, rest = match[1].upper(), folded[match.end() :]
    compact = re.sub(r"[\s\-\u2010-\u2015#]", "", rest)
    if not compact:
        return Typed(Shape.EMPTY)
    if not re.fullmatch(r"[0-9]+", compact):
        return Typed(Shape.LETTERS)
    if len(compact) != length or len(text) > MAX_TYPED:
        short = len(compact) < length and len(text) <= MAX_TYPED
        return Typed(Shape.TOO_SHORT if short else Shape.TOO_LONG)
    return Typed(Shape.WELL_FORMED, compact, letters)


def same(expected: str, given: str) -> bool:
    """Compares without telling by its time how much was right."""
    return hmac.compare_digest(expected.encode(), given.encode())


def grouped(code: str, size: int = 3) -> str:
    """``"492817"`` as ``"492 817"``."""
    return " ".join(code[i : i + size] for i in range(0, len(code), size))


def spelt(code: str) -> str:
    """The characters one by one for a voice: ``"4, 9, 3"``, which every language's voice reads."""
    return ", ".join(code)
