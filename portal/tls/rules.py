"""What is weak about a connection and its certificate. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PROTOCOLS = frozenset({"TLSv1.2", "TLSv1.3"})
# Ciphers that encrypt and authenticate at once.
AEAD = ("GCM", "CHACHA20", "CCM")
BITS, RSA_BITS, EC_BITS = 128, 2048, 256
SOON, VERY_SOON = timedelta(days=21), timedelta(days=3)


class Weak(StrEnum):
    """What is wrong."""

    UNTRUSTED = "untrusted"
    PROTOCOL = "protocol"
    OLD_PROTOCOLS = "old_protocols"
    CIPHER = "cipher"
    KEY = "key"
    EXPIRED = "expired"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class Facts:
    """A connection as it was made. ``trusted`` is "" where a browser would trust it, else why not;
    ``old`` are the protocols before 1.2 that were accepted too."""

    host: str
    protocol: str
    cipher: str
    bits: int
    key: str  # "RSA" or "EC"
    key_bits: int
    issuer: str
    starts: datetime
    ends: datetime
    fingerprint: str
    trusted: str = ""
    old: Collection[str] = ()


def weaknesses(facts: Facts, *, now: datetime) -> list[Weak]:
    """Everything that is weak, the worst first."""
    least = {"RSA": RSA_BITS, "EC": EC_BITS}.get(facts.key, 0)
    found = {
        Weak.EXPIRED: not facts.starts <= now < facts.ends,
        Weak.UNTRUSTED: bool(facts.trusted) and now < facts.ends,
        Weak.PROTOCOL: facts.protocol not in PROTOCOLS,
        Weak.OLD_PROTOCOLS: bool(facts.old),
        Weak.CIPHER: facts.bits < BITS or not any(one in facts.cipher for one in AEAD),
        Weak.KEY: facts.key_bits < least or not least,
        Weak.EXPIRES: now < facts.ends <= now + SOON,
    }
    return [weak for weak, is_so in found.items() if is_so]
