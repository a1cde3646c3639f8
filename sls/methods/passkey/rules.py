"""Why an answer of a passkey is refused: every reason, in order, in one place. Pure."""

from dataclasses import dataclass
from enum import StrEnum

CREATE, GET = "webauthn.create", "webauthn.get"


class Flaw(StrEnum):
    """What is wrong with an answer."""

    UNREADABLE = "unreadable"
    TYPE = "type"
    CHALLENGE = "challenge"
    ORIGIN = "origin"
    ADDRESS = "address"
    PRESENCE = "presence"
    VERIFICATION = "verification"
    BACKUP = "backup"
    SYNCED = "synced"
    ALGORITHM = "algorithm"
    ATTESTATION = "attestation"
    TAKEN = "taken"
    OTHER = "other"  # a passkey of somebody else, or another one than was asked for
    SIGNATURE = "signature"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Said:
    """What browser and authenticator say of themselves; worth nothing before it is verified.

    ``address`` is the SHA-256 of the name that the authenticator signed for (rpId). ``embedded``
    is a page within a page of somebody else.
    """

    type: str
    challenge: str
    origin: str
    embedded: bool
    address: bytes
    present: bool
    verified: bool
    backup_eligible: bool
    backed_up: bool
    counter: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. ``synced`` tells whether copies in a maker's cloud are allowed."""

    type: str
    challenge: str
    origin: str
    address: bytes
    synced: bool = True


def flaw(said: Said, wanted: Wanted) -> Flaw | None:
    """The first reason to refuse, or None. What is signed is checked elsewhere."""
    reasons = (
        (said.type != wanted.type, Flaw.TYPE),
        (said.challenge != wanted.challenge, Flaw.CHALLENGE),
        (said.origin != wanted.origin or said.embedded, Flaw.ORIGIN),
        (said.address != wanted.address, Flaw.ADDRESS),
        (not said.present, Flaw.PRESENCE),
        (not said.verified, Flaw.VERIFICATION),
        (said.backed_up and not said.backup_eligible, Flaw.BACKUP),
        (said.backup_eligible and not wanted.synced, Flaw.SYNCED),
    )
    return next((reason for is_so, reason in reasons if is_so), None)


def went_back(*, known: int, now: int) -> bool:
    """Whether a counter did not move on, as that of a copied key would not.

    Passkeys that are synced do not count, and say 0 every time.
    """
    return (known > 0 or now > 0) and now <= known
