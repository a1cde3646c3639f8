"""A secret order of the numbers below a size: each comes once, and none can be foretold.

A Feistel network over the next even number of bits, walked until it lands below the size again
(J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). What is issued in this
order never repeats, and the next takes no longer after a hundred thousand than after one.
"""

import hmac

ROUNDS = 10


def nth(key: bytes, place: int, size: int) -> int:
    """The number at ``place`` (from 0) in the order that ``key`` gives the numbers below ``size``.

    Raises ``ValueError`` for a place that is not below ``size``, or a size below 2.
    """
    if size < 2 or not 0 <= place < size:
        raise ValueError("no such place")
    half = ((size - 1).bit_length() + 1) // 2
    number = _shuffled(key, place, half)
    while number >= size:
        number = _shuffled(key, number, half)
    return number


def _shuffled(key: bytes, number: int, half: int) -> int:
    mask = (1 << half) - 1
    left, right = number >> half, number & mask
    for turn in range(ROUNDS):
        digest = hmac.digest(key, bytes([turn, half]) + right.to_bytes(8), "sha256")
        left, right = right, left ^ (int.from_bytes(digest[:8]) & mask)
    return left << half | right
