"""A backup code as it is made, written down, and read back from paper. Pure."""

import base64
import re
import secrets
import unicodedata

from accounts.codes import MAX_TYPED, Shape, grouped

COUNT = 10
LENGTH = 16
GROUP = 4
FEW = 3  # from here on a new set is advised
ALL_USED = 2**COUNT - 1
_BYTES = LENGTH * 5 // 8

# Between groups people type anything that looks like a dash; Japanese keyboards have two more.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]")
# Base32 has no 0, 1 and 8. Of 1, I and L two are letters of it, which hand-writing and fonts mix
# up: they count as one, which costs a code less than one of its 80 bits.
_ALIKE = str.maketrans("01L8", "OIIB")


def new_codes() -> list[str]:
    """``COUNT`` random codes of ``LENGTH`` Base32 characters (RFC 4648)."""
    return [base64.b32encode(secrets.token_bytes(_BYTES)).decode() for _ in range(COUNT)]


def written(code: str) -> str:
    """``"ABCD-EFGH-IJKL-MNOP"``, as it is shown and printed."""
    return grouped(code, GROUP).replace(" ", "-")


def read(text: str) -> tuple[Shape, str]:
    """The shape of ``text`` and, when it is well formed, the code in the form that is hashed.

    Case, spaces, dashes, full-width letters and characters that look alike make no difference.
    """
    compact = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:MAX_TYPED]))
    if not compact:
        return Shape.EMPTY, ""
    if not re.fullmatch(r"[A-Za-z0-9]+", compact):
        return Shape.LETTERS, ""
    if len(compact) != LENGTH or len(text) > MAX_TYPED:
        short = len(compact) < LENGTH and len(text) <= MAX_TYPED
        return (Shape.TOO_SHORT if short else Shape.TOO_LONG), ""
    if "9" in compact:  # looks like no letter of Base32
        return Shape.LETTERS, ""
    return Shape.WELL_FORMED, compact.upper().translate(_ALIKE)


def bit(number: int) -> int:
    """The bit that stands for the code of that number."""
    return 1 << (number - 1)


def used(bits: int) -> list[int]:
    """The numbers of the codes whose bits are set."""
    return [number for number in range(1, COUNT + 1) if bits & bit(number)]
