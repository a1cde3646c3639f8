"""How Twilio and the contract write times, numbers and lengths."""

import math
import re
import secrets
from datetime import UTC, datetime
from email.utils import format_datetime

import phonenumbers

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

_GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_DOUBLE = set("^{}\\[~]|€\f")


def now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)


def new_sid(prefix: str) -> str:
    """Two letters and 32 lower-case hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(at: datetime | None) -> str | None:
    """``Thu, 24 Aug 2023 05:01:45 +0000``, the only form the official client reads."""
    return format_datetime(at) if at else None


def rfc3339(at: datetime) -> str:
    """``2023-08-24T05:01:45.123Z``."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_number(text: str) -> bool:
    """Whether ``text`` is E.164 with a length its country has."""
    if not E164.fullmatch(text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def national(number: str) -> str:
    """As Twilio's ``to_formatted``: national form for the United States, otherwise as it is."""
    if number.startswith("+1") and is_number(number):
        parsed = phonenumbers.parse(number)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return number


def spaced(number: str) -> str:
    """For the eye: ``+81 90-1234-5678``."""
    if not is_number(number):
        return number
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country(number: str) -> str:
    """The ISO code of the country a number is dialled in; empty when unknown."""
    if not is_number(number):
        return ""
    return phonenumbers.region_code_for_country_code(phonenumbers.parse(number).country_code)


def segments(body: str) -> int:
    """SMS segments: 160 or 153 GSM-7 septets, or 70 or 67 UTF-16 units."""
    if all(char in _GSM7 or char in _GSM7_DOUBLE for char in body):
        units, single, joined = sum(2 if char in _GSM7_DOUBLE else 1 for char in body), 160, 153
    else:
        units, single, joined = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= single else math.ceil(units / joined)
