"""What is chosen of alerts, and what a phrase may be. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

type Choices = Mapping[str, Sequence[str]]

# Of the column ``User.alert_choices``: the categories that also come by text message, and those
# whose e-mail, where it may be, is switched off.
ALSO_SMS, NO_EMAIL = "also_sms", "no_email"

DIGESTS = ("daily", "weekly", "off")  # from the one that tells most to the one that tells least

PHRASE_MIN, PHRASE_MAX = 3, 30


def is_chosen(choices: Choices, kind: str, category: str) -> bool:
    """Whether ``category`` stands in the list of ``kind``."""
    return category in choices.get(kind, ())


def changed(choices: Choices, kind: str, category: str, *, chosen: bool) -> dict[str, list[str]]:
    """The choices with one of them made or taken back."""
    lists = {ALSO_SMS: set(), NO_EMAIL: set()} | {key: set(of) for key, of in choices.items()}
    (lists[kind].add if chosen else lists[kind].discard)(category)
    return {key: sorted(found) for key, found in lists.items() if found}


def tells_less(before: str, after: str) -> bool:
    """Whether the digest ``after`` tells less than ``before``."""
    return DIGESTS.index(after) > DIGESTS.index(before)


class Flaw(StrEnum):
    """Why a phrase is not taken; ``wording.py`` has the sentences."""

    SHORT = "short"
    LONG = "long"
    STRANGE = "strange"
    MIXED = "mixed"
    LINK = "link"
    DIGITS = "digits"
    NAME = "name"
    PASSWORD = "password"  # noqa: S105


def tidied(typed: str) -> str:
    """The phrase as it is kept: one spelling of each character, single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def flaw(phrase: str, *, own: Sequence[str], brand: str) -> Flaw | None:
    """Why a tidied ``phrase`` is not taken, or None.

    It is read in messages and said on the telephone, so it looks like what it is: letters, digits
    and plain marks, of one script (Unicode TS 39, 5.1, with the scripts of Japanese as one), with
    no address and no row of digits that could be taken for a code. ``own`` are the user name and
    the name of the person, ``brand`` is ours: what anybody can guess tells nobody apart.
    """
    if len(phrase) < PHRASE_MIN:
        return Flaw.SHORT
    if len(phrase) > PHRASE_MAX:
        return Flaw.LONG
    if any(not _is_plain(one) for one in phrase) or not any(one.isalpha() for one in phrase):
        return Flaw.STRANGE
    if len({_script(one) for one in phrase if one.isalpha()}) > 1:
        return Flaw.MIXED
    folded = _folded(phrase)
    if _LINK.search(folded):
        return Flaw.LINK
    if _CODE.search(folded):
        return Flaw.DIGITS
    known = {_folded(one) for one in (*own, brand) if one}
    if folded in known or _folded(brand) in folded:
        return Flaw.NAME
    return None


_LINK = re.compile(r"://|www\.|[a-z0-9]\.[a-z]{2,}|@|\bhttps?\b")
_CODE = re.compile(r"\d{4,}|(\d[ -]?){6,}")
_MARKS = frozenset(" '’-–,.!?&・、。ー々〆")
_JAPANESE = frozenset({"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"})


def _is_plain(one: str) -> bool:
    if one in _MARKS:
        return True
    # Neither controls, marks that stack, emoji, nor letters that only look like others.
    kind = unicodedata.category(one)
    return kind in {"Lu", "Ll", "Lo", "Nd"} and unicodedata.normalize("NFKC", one) == one


def _script(letter: str) -> str:
    """The first word of the name of a character says its script."""
    word = unicodedata.name(letter, "?").partition(" ")[0]
    return "JAPANESE" if word in _JAPANESE else word


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
