"""What may be written in a case. Pure."""

import re
import unicodedata

TEXT_MAX = 2000  # characters of one message
LETTERS_MAX = 100  # messages of one case
REASON_MAX = 200

# What turns the direction of the text around it, so that it reads otherwise than it is.
_TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONG = re.compile(r"(?<![\w+])\d(?:[ -]?\d){12,18}(?!\w)")
_SSN = re.compile(r"(?<![\w-])\d{3}([ -])\d{2}\1\d{4}(?![\w-])")


def clean(text: str) -> str:
    """``text`` as it is kept: one kind of line break, nothing invisible, no card number and no
    social security number. People paste them although they are asked not to."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _TURNS.sub("", text)
    text = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) != "Cc")
    text = _LONG.sub(lambda found: _struck(found.group()), text)
    return _SSN.sub("…", text).strip()


def line(text: str, most: int | None = None) -> str:
    """The same on one line, of at most so many characters; "" where none of them can be seen."""
    kept = " ".join(clean(text).split())[:most]
    return kept if any(unicodedata.category(one)[0] in "LNPS" for one in kept) else ""


def _struck(digits: str) -> str:
    plain = re.sub(r"\D", "", digits)
    return f"…{plain[-4:]}" if is_card_number(plain) else digits


def is_card_number(digits: str) -> bool:
    """Whether the check digit is that of a payment card (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
