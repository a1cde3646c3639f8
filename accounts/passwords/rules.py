"""What a password must not be. Pure: the lists and the personal words come in as values."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KEYBOARD_ROWS = (
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
)
_LEET = str.maketrans("@4831!057$", "aabeiiosts")
RUN_LEAST = 3  # characters in a row that count as one predictable run
UNWRITTEN = ("Cc", "Cs")  # control characters and halves of pairs: no keyboard writes them
OWN_LEAST = 6  # what has to remain once every run counts as one character
BRAND_LEAST = 8  # what has to remain once brand words, digits and signs are taken away
WORD_LEAST = 4  # a shorter personal word is only found when it stands alone
PHONE_DIGITS = 7


class Reason(StrEnum):
    """Why a password is refused; ``wording.py`` has the sentences."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNWRITTEN = "unwritten"
    COMMON = "common"
    SEQUENCE = "sequence"
    REPEAT = "repeat"
    KEYBOARD = "keyboard"
    PERSONAL = "personal"
    BRAND = "brand"
    PAST = "past"  # found by ``history``, not here


@dataclass(frozen=True, slots=True)
class Words:
    """What the password is held against.

    ``common`` are passwords of the breach lists in lower case. ``personal`` are names and parts
    of addresses, ``phones`` digits of telephone numbers, ``brand`` words of the firm.
    """

    common: Collection[str] = frozenset()
    personal: Iterable[str] = ()
    phones: Iterable[str] = ()
    brand: Iterable[str] = ()


def refusals(password: str, words: Words, *, least: int, most: int) -> list[Reason]:
    """Every reason to refuse ``password``, the first to mend first; empty when it may be used.

    Lengths are in characters after NFC (NIST SP 800-63B-4 3.1.1.2). No class of characters is
    demanded; blanks count like others.
    """
    password = unicodedata.normalize("NFC", password)
    if len(password) > most:
        return [Reason.TOO_LONG]  # nothing else is computed on a body that large
    if any(unicodedata.category(character) in UNWRITTEN for character in password):
        return [Reason.UNWRITTEN]
    folded = unicodedata.normalize("NFKC", password).casefold()
    found = {
        Reason.TOO_SHORT: len(password) < least,
        Reason.COMMON: is_common(folded, words.common),
        Reason.PERSONAL: is_personal(folded, words.personal, words.phones),
        Reason.BRAND: is_brand(folded, words.brand),
    }
    predictable = predictable_by(folded)
    reasons = [reason for reason, holds in found.items() if holds]
    return reasons + ([predictable] if predictable else [])


def is_common(folded: str, common: Collection[str]) -> bool:
    """Whether it is on the list, as it is, in disguise, or as one listed word with trimmings.

    Several different words in a row are a passphrase, however common each of them is.
    """
    candidates = {folded, folded.translate(_LEET)}
    candidates |= {_trimmed(text) for text in candidates}
    candidates |= {text[: len(text) // 2] for text in candidates if _doubled(text)}
    return any(len(text) >= WORD_LEAST and text in common for text in candidates)


def _trimmed(text: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _doubled(text: str) -> bool:
    half = len(text) // 2
    return len(text) % 2 == 0 and text[:half] == text[half:]


def predictable_by(folded: str) -> Reason | None:
    """The kind of run that makes up nearly all of the password, or None.

    Each run counts as one character; a password needs at least ``OWN_LEAST`` so counted.
    """
    period = _period(folded)
    if folded and period < OWN_LEAST and period <= len(folded) // 2:
        return Reason.REPEAT
    saved = {Reason.REPEAT: 0, Reason.SEQUENCE: 0, Reason.KEYBOARD: 0}
    at, own = 0, 0
    while at < len(folded):
        length, reason = max((run(folded, at), kind) for kind, run in RUNS.items())
        own += 1
        if length >= RUN_LEAST:
            saved[reason] += length - 1
            at += length
        else:
            at += 1
    if own >= OWN_LEAST or not any(saved.values()):
        return None
    return max(saved, key=lambda kind: saved[kind])


def _period(text: str) -> int:
    """The length of the shortest beginning whose repetition is the whole text."""
    return (text + text).find(text, 1) if text else 0


def _repeat(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] == text[at]:
        end += 1
    return end - at


def _sequence(text: str, at: int) -> int:
    """Length of a run such as "cdef" or "9876" that begins at ``at``."""
    best = 1
    for step in (1, -1):
        end = at + 1
        while end < len(text) and ord(text[end]) - ord(text[end - 1]) == step:
            end += 1
        best = max(best, end - at)
    return best


def _keyboard(text: str, at: int) -> int:
    """Length of a run of neighbouring keys, in either direction."""
    best = 1
    for row in KEYBOARD_ROWS:
        for keys in (row, row[::-1]):
            end = at + best + 1
            while end <= len(text) and text[at:end] in keys:
                best, end = end - at, end + 1
    return best


RUNS = {Reason.REPEAT: _repeat, Reason.SEQUENCE: _sequence, Reason.KEYBOARD: _keyboard}


def is_personal(folded: str, personal: Iterable[str], phones: Iterable[str]) -> bool:
    """Whether it holds the person's name, user name, address or the end of a number."""
    plain = folded.translate(_LEET)
    for word in personal_words(personal):
        if len(word) >= WORD_LEAST:
            if word in folded or word in plain:
                return True
        elif re.search(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", folded):
            return True
    digits = re.sub(r"\D", "", folded)
    ends = (re.sub(r"\D", "", phone)[-PHONE_DIGITS:] for phone in phones)
    return any(len(end) == PHONE_DIGITS and end in digits for end in ends)


def personal_words(texts: Iterable[str]) -> set[str]:
    """The words of names and addresses, of three letters or more."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold() for text in texts)
    return {word for word in re.split(r"[\s._@+\-]+", folded) if len(word) >= 3}


def is_brand(folded: str, brand: Iterable[str]) -> bool:
    """Whether little is left beside the words of the firm."""
    rest = folded.translate(_LEET)
    words = sorted(personal_words(brand), key=len, reverse=True)
    without = rest
    for word in words:
        without = without.replace(word, "")
    return without != rest and len(re.sub(r"[\W\d_]", "", without)) < BRAND_LEAST


def may_remind(
    now: datetime, *, since: datetime, after: timedelta, put_off: datetime | None
) -> bool:
    """Whether a password that has been in use ``since`` then is old enough to speak of it."""
    return now >= since + after and (put_off is None or now >= put_off)
