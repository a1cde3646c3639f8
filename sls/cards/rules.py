"""Who may request a card, what an address is, and when something arrives. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sls.algorithms.business_days import DAY, is_business_day
from sls.methods.rules import TEMPORARY

ADDRESS_LINES = (3, 8)
ADDRESS_MOST = 400
LINE_MOST = 60
TRACKING = (6, 40)


class Refusal(StrEnum):
    """Why it was not done; ``wording.py`` has the sentences."""

    NOT_ELIGIBLE = "not_eligible"
    NO_ACCOUNT = "no_account"
    ON_ITS_WAY = "on_its_way"
    ORDERED = "ordered"
    CHANGED = "changed"
    GONE = "gone"
    NOT_LOST = "not_lost"
    GIVEN_UP = "given_up"
    OWN_NAME = "own_name"
    NO_CARD = "no_card"
    ALREADY = "already"
    NOT_SAME_PERSON = "not_same_person"
    TEMPORARY = "temporary"
    LESS_SECURE = "less_secure"
    NOT_CONSENTED = "not_consented"


class Why(StrEnum):
    """Why somebody needs a card, or is charged for one."""

    FIRST = ""
    BATTERY = "battery"
    DAMAGED = "damaged"
    LOST = "lost"
    STOLEN = "stolen"
    NOT_RETURNED = "not_returned"


# An empty battery is nobody's fault (KB1861).
CHARGED = frozenset({Why.DAMAGED, Why.LOST, Why.STOLEN, Why.NOT_RETURNED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides on a request. ``equity_usd`` is that of the largest account that the client
    owns, None where there is none."""

    equity_usd: Decimal | None
    eligible: bool
    ordered: bool
    on_its_way: bool


def refusal_to_request(standing: Standing) -> Refusal | None:
    """Why no card can be requested, or None."""
    if standing.ordered:
        return Refusal.ORDERED
    if standing.on_its_way:
        return Refusal.ON_ITS_WAY
    if standing.equity_usd is None:
        return Refusal.NO_ACCOUNT
    return None if standing.eligible else Refusal.NOT_ELIGIBLE


def largest_usd(
    equities: Iterable[tuple[str, Decimal]], rates: Mapping[str, Decimal]
) -> Decimal | None:
    """The largest of ``equities`` (currency, amount) in US dollars; None without any.

    A currency that has no rate counts as nothing: it is for staff to allow the card.
    """
    return max((rates.get(code, Decimal(0)) * equity for code, equity in equities), default=None)


def read_address(text: str) -> str | None:
    """A postal address, line by line as it goes on the envelope, or None if it cannot be one."""
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines()]
    lines = [line for line in lines if line]
    address = "\n".join(lines)
    least, most = ADDRESS_LINES
    fits = least <= len(lines) <= most and len(address) <= ADDRESS_MOST
    odd = any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} for c in "".join(lines))
    return address if fits and not odd and all(len(line) <= LINE_MOST for line in lines) else None


def read_tracking(text: str) -> str | None:
    """A tracking number without its blanks and dashes, or None if it cannot be one."""
    number = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").upper()
    least, most = TRACKING
    return (
        number if number.isascii() and number.isalnum() and least <= len(number) <= most else None
    )


def digits_of(texts: Iterable[str]) -> str:
    """Every run of digits in ``texts``, apart from each other: what a PIN must not be part of.

    Blanks and dashes within a text do not part them: 94 111 and 94111 are the same to a guesser.
    """
    joined = (text.replace(" ", "").replace("-", "") for text in texts)
    kept = ("".join(c if c.isascii() and c.isdigit() else " " for c in text) for text in joined)
    return " ".join(kept)


def after(count: int, start: date) -> date:
    """The business day ``count`` business days after ``start``."""
    day = start
    while count > 0:
        day += DAY
        count -= is_business_day(day)
    return day


@dataclass(frozen=True, slots=True)
class Sharing:
    """What decides whether a card may serve a further user name.

    ``persons`` are the brokerage's numbers of the two people, "" where one is not known;
    ``cleared`` says that staff have made sure that both are one person's; ``methods`` are
    the codes of everything that either name holds. ``strength`` is that of the card and
    ``strongest`` that of the best that the requesting name holds for good.
    """

    same_name: bool
    card_works: bool
    already: bool
    persons: tuple[str, str]
    methods: frozenset[str]
    strength: int
    strongest: int
    cleared: bool = False


def refusal_to_share(sharing: Sharing) -> Refusal | None:
    """Why the card may not serve the requesting name, or None; the first reason that applies."""
    holder, requester = sharing.persons
    if sharing.same_name:
        return Refusal.OWN_NAME
    if not sharing.card_works:
        return Refusal.NO_CARD
    if sharing.already:
        return Refusal.ALREADY
    if not sharing.cleared and (not holder or holder != requester):
        return Refusal.NOT_SAME_PERSON
    if sharing.methods & TEMPORARY:
        return Refusal.TEMPORARY
    return Refusal.LESS_SECURE if sharing.strength < sharing.strongest else None
