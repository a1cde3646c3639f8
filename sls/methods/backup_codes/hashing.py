"""What is stored of a backup code."""

import hashlib
import hmac

BLOCK = 8  # scrypt's r; with a cost of 14 a hash takes 16 MiB and a twentieth of a second
BYTES = 32


def digest(code: str, *, key: bytes, salt: bytes, cost: int) -> bytes:
    """scrypt (RFC 7914, N = 2^cost) over HMAC-SHA256 of the code. Slow on purpose.

    Whoever has the table alone lacks ``key`` and cannot even begin to guess; whoever has both pays
    the slow hash for each of 2^79 guesses (NIST SP 800-63B-4 3.1.2.2).
    """
    keyed = hmac.digest(key, code.encode(), "sha256")
    most = 2 * 128 * BLOCK * 2**cost + 2**20
    return hashlib.scrypt(keyed, salt=salt, n=2**cost, r=BLOCK, p=1, maxmem=most, dklen=BYTES)


def same(stored: bytes, given: bytes) -> bool:
    """Compares without telling by its time how much was right."""
    return hmac.compare_digest(stored, given)


def split(digests: bytes) -> list[bytes]:
    """The digests that were stored one after another."""
    return [digests[place : place + BYTES] for place in range(0, len(digests), BYTES)]
