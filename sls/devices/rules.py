"""Which authenticators must remain, in what order they stand, and what is worth adding. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sls.methods.backup_codes.rules import FEW
from sls.methods.rules import NAME_MAX

MOST_OF_A_METHOD = 10


class Refusal(StrEnum):
    """Why an authenticator is not added or changed; ``wording.py`` has the sentences."""

    GONE = "gone"
    FULL = "full"
    HAS_SET = "has_set"
    LAST = "last"
    LAST_RESISTANT = "last_resistant"
    ONLY_TELEPHONE = "only_telephone"
    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    BAD_NAME = "bad_name"
    SAME_NAME = "same_name"


@dataclass(frozen=True, slots=True)
class Standing:
    """An authenticator that can prove something now.

    ``permanent`` is False for what only stands in; ``opens`` says that it opens the door by itself:
    a telephone number does while it is on, printed codes alone do not. ``resistant`` means
    phishing-resistant.
    """

    id: str
    permanent: bool
    opens: bool
    resistant: bool


def refusal_to_remove(
    standings: Sequence[Standing], gone: str, *, resistant_only: bool
) -> Refusal | None:
    """Why the authenticator ``gone`` has to stay, or None.

    One that opens the door must remain, under the policy "phishing-resistant only" a resistant one.
    What opens nothing (disabled, or printed codes) may always go.
    """
    removed = next((one for one in standings if one.id == gone), None)
    if removed is None or not removed.opens:
        return None
    left = [one for one in standings if one.id != gone and one.opens]
    if not left:
        return Refusal.LAST
    if resistant_only and removed.resistant and not any(one.resistant for one in left):
        return Refusal.LAST_RESISTANT
    return None


def refusal_to_switch_off(standings: Sequence[Standing]) -> Refusal | None:
    """Why text messages have to stay a way to sign in: nothing permanent takes their place."""
    return None if any(one.permanent for one in standings) else Refusal.ONLY_TELEPHONE


def moved[T](order: Sequence[T], one: T, *, up: bool) -> list[T]:
    """``order`` with ``one`` a place further up or down; at the end it stays where it is."""
    found = list(order)
    place = found.index(one)
    other = place - 1 if up else place + 1
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


# Characters that turn the direction of the text around them: a name must not rewrite the page.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def read_name(text: str) -> str | Refusal:
    """The name that was meant, in one line, or why it is none."""
    if _TURNS.search(text):
        return Refusal.BAD_NAME
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        return Refusal.NO_NAME
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in name):
        return Refusal.BAD_NAME
    return name if len(name) <= NAME_MAX else Refusal.LONG_NAME


class Advice(StrEnum):
    """The one thing worth doing next; the first that applies."""

    NOTHING_STRONG = "nothing_strong"
    CARD_WITHOUT_PHONE = "card_without_phone"
    ONE_ALONE = "one_alone"
    NO_PASSKEY = "no_passkey"
    NO_CODES = "no_codes"
    FEW_CODES = "few_codes"


def advice(
    standings: Sequence[Standing], *, codes_left: int, methods: Collection[str] = ()
) -> Advice | None:
    """What would make signing in safer or losing a device harmless, worst gap first."""
    strong = [one for one in standings if one.permanent]
    if not strong:
        return Advice.NOTHING_STRONG
    if "dsc_plus" in methods and "ib_key" not in methods:
        return Advice.CARD_WITHOUT_PHONE
    if len(strong) == 1:
        return Advice.ONE_ALONE
    if not any(one.resistant for one in strong):
        return Advice.NO_PASSKEY
    if not codes_left:
        return Advice.NO_CODES
    return Advice.FEW_CODES if codes_left <= FEW else None
