"""The values of a sheet, and which of them are asked for. Pure."""

import hmac
from datetime import datetime, timedelta

from sls.algorithms.permutation import nth

ENTRIES = 224
VALUE_DIGITS, ASKED = 3, 2
ANSWER_DIGITS = VALUE_DIGITS * ASKED
PAIRS = ENTRIES * (ENTRIES - 1) // 2
# Right answers of one sheet. Whoever overlooked every one of so many would know four values in ten,
# and could answer one challenge in six.
SPENT = 60
# Challenges in a row that nobody answered: somebody who knows some values waits for a pair of them.
UNANSWERED = 30
SEED_BYTES = 32
_VALUES = 10**VALUE_DIGITS


def values(seed: bytes) -> list[str]:
    """What stands at the index numbers 1 to ``ENTRIES``."""
    return [value(seed, index) for index in range(1, ENTRIES + 1)]


def value(seed: bytes, index: int) -> str:
    """What stands at one index number."""
    digest = hmac.digest(seed, b"value" + index.to_bytes(2), "sha256")
    # Of 64 bits by a thousand: the bias is below 2^-54.
    return f"{int.from_bytes(digest[:8]) % _VALUES:0{VALUE_DIGITS}d}"


def pair(seed: bytes, issued: int) -> tuple[int, int]:
    """The index numbers that are asked for after ``issued`` earlier challenges.

    None comes twice, and nobody can foretell the next. Raises ``ValueError`` when all were asked.
    """
    order = hmac.digest(seed, b"order of challenges", "sha256")
    number = nth(order, issued, PAIRS)
    high = 1
    while number >= high:
        number -= high
        high += 1
    return number + 1, high + 1


def question(pair: tuple[int, int]) -> str:
    """The index numbers as a challenge keeps them: ``"17 203"``."""
    return " ".join(str(index) for index in pair)


def asked(question: str) -> tuple[int, int]:
    """The same back."""
    first, second = question.split()
    return int(first), int(second)


def answer(seed: bytes, question: str) -> str:
    """What answers ``question``: the values one after another."""
    return "".join(value(seed, index) for index in asked(question))


def ends_at(activated_at: datetime, days: int) -> datetime:
    """When a sheet is over that was activated then."""
    return activated_at + timedelta(days=days)
