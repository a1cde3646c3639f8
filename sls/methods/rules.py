"""What a proof by a second factor is worth, what a second factor is lost with, and what tells two
apart. Pure."""

import unicodedata
from collections.abc import Collection
from enum import IntEnum, StrEnum

NAME_MAX = 64
# What only bridges a time: whoever holds one shares nothing (KB2481), and nobody is advised to add
# one.
TEMPORARY = frozenset({"temporary_passcode", "online_card"})


class Strength(IntEnum):
    """What a proof by a method is worth (SECURITY 0.1); compared, never added up."""

    TELEPHONE = 10  # restricted in NIST SP 800-63B-4: SIM swap, interception
    TYPED_CODE = 20  # made on a device, but can be relayed by a fake page
    APPROVAL = 30
    PHISHING_RESISTANT = 40


def same_words(one: str, other: str) -> bool:
    """Whether two names would be taken for each other: case, width and spaces do not tell apart."""
    return _words(one) == _words(other)


def _words(name: str) -> list[str]:
    return unicodedata.normalize("NFKC", name).casefold().split()


def told_apart(name: str, taken: Collection[str]) -> str:
    """``name``, with a number behind it where one of ``taken`` would be taken for it."""
    found, number = name, 1
    while any(same_words(found, other) for other in taken):
        number += 1
        found = f"{name} ({number})"
    return found[:NAME_MAX]


def is_spare(*, permanent: bool, sent: bool) -> bool:
    """Whether a method only stands in by what was handed out before: printed, or given by support.

    It is used up by being used, and kept for a bad day; what is ``sent`` comes when it is asked
    for.
    """
    return not (permanent or sent)


class Place(StrEnum):
    """What an authenticator is lost with; the cloud is there as long as its account is."""

    PHONE = "phone"
    SIM = "sim"  # a telephone number: lost with its card, and with the phone that holds the card
    PAPER = "paper"
    COMPUTER = "computer"
    KEY = "key"  # a security key
    CLOUD = "cloud"
    CARD = "card"  # a thing of its own


# Challenges that staff read out on the telephone begin with it, and no others do: whoever is read
# another one is being used to sign somebody in, and can hear it.
READ_OUT = "9"


def may_ask(question: str, *, is_read_out: bool) -> bool:
    """Whether a device may be asked ``question`` for a purpose that is read out, or for another:
    what answers the one is worth nothing for the other."""
    return question.startswith(READ_OUT) is is_read_out
