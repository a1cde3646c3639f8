"""References that people read to each other: made, read back forgivingly, checked. Pure.

A reference is eight characters of Crockford's Base32 (no I, L, O, U), of which the last is a check
character, shown as ``4K7T-Q29M``. It names something and opens nothing: it is not a secret.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_SAME = str.maketrans("OIL", "011")


def new() -> str:
    """A fresh reference, such as ``4K7TQ29M``: 35 random bits and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def shown(reference: str) -> str:
    """The reference in two groups of four."""
    return f"{reference[:4]}-{reference[4:]}"


def read(text: str) -> str | None:
    """What was meant by ``text``: lower case, spaces and hyphens do, and O, I, L for 0, 1, 1.

    None when it is no reference: a wrong length or character, one mistyped character, or two
    neighbours that changed places.
    """
    typed = re.sub(r"[\s\-\u2010-\u2015]", "", text[:64]).upper().translate(_SAME)
    if len(typed) != LENGTH or set(typed) - set(ALPHABET):
        return None
    return typed if _check(typed[:-1]) == typed[-1] else None


def _check(body: str) -> str:
    # Weights 1, 3, 5, ...: odd, so one wrong character always shows, and neighbours differ by 2,
    # so two that changed places show unless they are 16 apart.
    return ALPHABET[sum((2 * i + 1) * ALPHABET.index(one) for i, one in enumerate(body)) % 32]
