"""What a number or an address may look like, why it is refused, and how it is shown. Pure."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

MAX_OF_A_KIND = 5
TYPED_MAX = 40
EMAIL_MAX = 254


class Refusal(StrEnum):
    """Why a contact is not added or changed; ``wording.py`` has the sentences."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    LETTERS = "letters"
    EXTENSION = "extension"
    NEEDS_COUNTRY = "needs_country"
    NOT_A_NUMBER = "not_a_number"
    NOT_SERVED = "not_served"
    PREMIUM = "premium"
    NEVER_SENT_TO = "never_sent_to"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_ASCII = "not_ascii"
    LISTED = "listed"
    FULL = "full"
    UNVERIFIED = "unverified"
    IN_USE = "in_use"
    PRIMARY = "primary"
    OPTED_OUT = "opted_out"
    NO_TEXT = "no_text"
    GONE = "gone"
    UNDONE = "undone"
    TOO_LATE = "too_late"


def standing(now: datetime, *, until: datetime, undone_at: datetime | None) -> Refusal | None:
    """Why a change cannot be undone at ``now``, or None while it can."""
    if undone_at is not None:
        return Refusal.UNDONE
    return Refusal.TOO_LATE if now >= until else None


def is_old_side(*, changed_at: datetime, trusted_from: datetime | None) -> bool:
    """Whether a contact may undo a change: it was trusted before. What somebody added lately does
    not take back what the owner does about it."""
    return trusted_from is not None and trusted_from <= changed_at


def ask_from(
    *,
    every: timedelta,
    activated_at: datetime | None,
    confirmed_at: datetime | None,
    put_off: datetime | None,
) -> datetime | None:
    """When somebody is to be asked whether their contacts are right; None before they begin.

    ``every`` so often after they said so, or began; or once the time is over that they asked for.
    """
    if activated_at is None:
        return None
    return put_off or (confirmed_at or activated_at) + every


def read_phone(text: str, region: str | None = None) -> str | Refusal:
    """The E.164 number that was meant, by libphonenumber, or why there is none.

    ``region`` (ISO 3166 code) is where a number without country code belongs. Full-width digits
    are read as digits. Letters are refused: a vanity number hides a typing mistake.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    problem = _unreadable(folded)
    if problem is not None:
        return problem
    if not (folded.startswith("+") or region):
        return Refusal.NEEDS_COUNTRY
    try:
        number = phonenumbers.parse(folded, region)
    except phonenumbers.NumberParseException:
        return Refusal.NOT_A_NUMBER
    if not phonenumbers.is_valid_number(number):
        return Refusal.NOT_A_NUMBER
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


_NUMBER = re.compile(r"\(?\+?[0-9().\s/\-\u2010-\u2015\u30fc\u2212]+")


def _unreadable(folded: str) -> Refusal | None:
    """What libphonenumber would silently drop or translate."""
    if not folded:
        return Refusal.EMPTY
    if len(folded) > TYPED_MAX:
        return Refusal.TOO_LONG
    if re.search(r"(?i)\bext|[x#;]", folded):
        return Refusal.EXTENSION
    if re.search(r"[^\W\d_]", folded.replace("\u30fc", "")):
        return Refusal.LETTERS
    return None if _NUMBER.fullmatch(folded) else Refusal.NOT_A_NUMBER


def region_of(number: str) -> str | None:
    """The country of an E.164 number as ISO 3166 code, or None."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def line_type(number: str) -> str:
    """``"mobile"``, ``"landline"``, ``"voip"``, or "" where the numbering plan does not tell.

    In North America mobile and fixed numbers look alike, so it stays unknown there.
    """
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return {
        PhoneNumberType.MOBILE: "mobile",
        PhoneNumberType.FIXED_LINE: "landline",
        PhoneNumberType.VOIP: "voip",
    }.get(kind, "")


def shown_phone(number: str) -> str:
    """``"+1 415-555-0101"``: the number as its owner reads it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@({_LABEL}\.)+{_LABEL}")


def read_email(text: str) -> str | Refusal:
    """The address that was meant, or why there is none (RFC 5321 dot-string, ASCII only).

    Line breaks and other controls are refused, not stripped: they would write headers. Letters
    beyond ASCII are refused, since two addresses that look alike would be two owners.
    """
    folded = unicodedata.normalize("NFKC", text).strip(" \u3000\t")
    if not folded:
        return Refusal.EMPTY
    if len(folded) > EMAIL_MAX:
        return Refusal.TOO_LONG
    if not folded.isascii():
        return Refusal.NOT_ASCII
    if not _EMAIL.fullmatch(folded) or len(folded.partition("@")[0]) > 64:
        return Refusal.NOT_AN_ADDRESS
    return canonical_email(folded)


def masked_phone(number: str) -> str:
    """``"+1 ... 01"``: country code and the last two digits, as CONTRACT 3 says."""
    try:
        country = f"+{phonenumbers.parse(number).country_code}"
    except phonenumbers.NumberParseException:
        country = ""
    return f"{country} ... {number[-2:]}".strip()


def masked_email(address: str) -> str:
    """``"a...@example.com"``: enough for the owner to recognise it."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}...@{domain}"


def canonical_email(address: str) -> str:
    """The spelling under which an address is stored: domain in lower case."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local}@{domain.lower()}"
