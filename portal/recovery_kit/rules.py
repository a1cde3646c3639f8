"""Which facts of a printed kit differ from those of today. Pure."""

import hashlib
from collections.abc import Mapping

MARK = 6  # characters of the digest of one fact


def pack(marks: Mapping[str, str]) -> str:
    """The digests of all facts, in their order."""
    return "".join(marks.values())


def version(packed: str) -> str:
    """What a kit is called, so that two of them are told apart by eye."""
    return hashlib.sha256(packed.encode()).hexdigest()[:8].upper()


def changed(packed: str, now: Mapping[str, str]) -> list[str] | None:
    """The codes of the facts that are not what they were; None where the kit has other facts than
    one of today."""
    if len(packed) != MARK * len(now):
        return None
    then = [packed[at : at + MARK] for at in range(0, len(packed), MARK)]
    return [code for code, was in zip(now, then, strict=True) if now[code] != was]
