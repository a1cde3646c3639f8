"""OCRA: the OATH challenge-response algorithm (RFC 6287).

A suite such as ``OCRA-1:HOTP-SHA256-8:QN06-PSHA256`` names the hash, the number of digits and
what goes into the response. It is part of the computation, byte for byte, so it is taken only in
the spelling in which it was issued.
"""

import functools
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass

QUESTION_BYTES = 128
_WIDEST = 2**64 - 1  # counter and time take eight bytes

# 6.1 to 6.3. Truncation 0 (the whole HMAC) is left out: nobody can type it.
_SUITE = re.compile(
    r"OCRA-1:HOTP-(?P<hash>SHA1|SHA256|SHA512)-(?P<digits>[4-9]|10):"
    r"(?P<counter>C-)?"
    r"Q(?P<form>[ANH])(?P<length>0[4-9]|[1-5][0-9]|6[0-4])"
    r"(?:-(?P<pin>P(?:SHA1|SHA256|SHA512)?))?"
    r"(?:-(?P<session>S(?:[0-9]{3})?))?"
    r"(?:-(?P<time>T(?:(?:[1-9]|[1-5][0-9])[SM]|(?:[0-9]|[1-3][0-9]|4[0-8])H)?))?"
)
_FORMS = {
    "N": re.compile(r"[0-9]+"),
    "A": re.compile(r"[0-9A-Za-z]+"),
    "H": re.compile(r"[0-9A-Fa-f]+"),
}


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite taken apart. ``pin`` is the name of the hash or "", ``session`` a number of bytes."""

    text: str
    hash: str
    digits: int
    form: str
    length: int
    counter: bool
    pin: str
    session: int
    time: bool


@functools.lru_cache(maxsize=64)
def parse(text: str) -> Suite:
    """The suite that ``text`` spells. Raises ``ValueError`` for any other text.

    What the RFC gives a default may be left out: the PIN's hash (SHA1), the session's length (64).
    """
    found = _SUITE.fullmatch(text)
    if found is None:
        raise ValueError("not an OCRA suite")
    session = int(found["session"][1:] or 64) if found["session"] else 0
    if found["session"] and not 1 <= session <= 512:
        raise ValueError("a session has 1 to 512 bytes")
    return Suite(
        text=text,
        hash=found["hash"].lower(),
        digits=int(found["digits"]),
        form=found["form"],
        length=int(found["length"]),
        counter=found["counter"] is not None,
        pin=(found["pin"][1:] or "SHA1").lower() if found["pin"] else "",
        session=session,
        time=found["time"] is not None,
    )


def compute(
    suite: str,
    key: bytes,
    question: str,
    *,
    counter: int | None = None,
    pin: str | None = None,
    session: bytes | None = None,
    time_steps: int | None = None,
) -> str:
    """The response to ``question``: decimal digits, leading zeros included (RFC 6287 section 5).

    ``question`` is as long as the suite says or shorter, in the mutual modes both parties'
    questions one after the other (up to twice as long). ``pin`` is the PIN itself, which is hashed
    here; ``time_steps`` counts steps since 1970. Each of ``counter``, ``pin``, ``session`` and
    ``time_steps`` is given exactly when the suite has it. Raises ``ValueError`` for a malformed
    suite and for a missing, superfluous or unfitting input.
    """
    parts = parse(suite)
    if not key:
        raise ValueError("the key is empty")
    given = {"counter": counter, "pin": pin, "session": session, "time_steps": time_steps}
    wanted = (parts.counter, bool(parts.pin), bool(parts.session), parts.time)
    for (name, value), is_wanted in zip(given.items(), wanted, strict=True):
        if (value is not None) is not is_wanted:
            raise ValueError(f"{name} is {'missing' if is_wanted else 'not in the suite'}")
    data = b"".join(
        (
            suite.encode() + b"\0",
            b"" if counter is None else _eight_bytes(counter),
            _question(parts, question),
            b"" if pin is None else _pin(parts, pin),
            b"" if session is None else _session(parts, session),
            b"" if time_steps is None else _eight_bytes(time_steps),
        )
    )
    return _truncated(hmac.digest(key, data, parts.hash), parts.digits)


def _eight_bytes(number: int) -> bytes:
    if not 0 <= number <= _WIDEST:
        raise ValueError("counter and time are numbers of eight bytes")
    return struct.pack(">Q", number)


def _question(parts: Suite, question: str) -> bytes:
    """Always 128 bytes, filled up from the right; of a number it is its hexadecimal digits."""
    if not _FORMS[parts.form].fullmatch(question) or len(question) > 2 * parts.length:
        raise ValueError("the question does not fit the suite")
    if parts.form == "A":
        return question.encode().ljust(QUESTION_BYTES, b"\0")
    digits = f"{int(question):x}" if parts.form == "N" else question
    return bytes.fromhex(digits.ljust(2 * QUESTION_BYTES, "0"))


def _pin(parts: Suite, pin: str) -> bytes:
    if not pin:
        raise ValueError("the PIN is empty")
    return hashlib.new(parts.pin, pin.encode()).digest()


def _session(parts: Suite, session: bytes) -> bytes:
    if len(session) != parts.session:
        raise ValueError(f"the session has to have {parts.session} bytes")
    return session


def _truncated(digest: bytes, digits: int) -> str:
    """Dynamic truncation (RFC 4226 section 5.3)."""
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"
