"""Which numbers may stand in the record. Pure."""

import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat

MOST = 4
LABEL_MAX = 40
TYPED_MAX = 40


def read(text: str) -> str | None:
    """The number as it is shown, "+1 415 555 0100"; None where it is no full international one."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded.startswith("+") or len(folded) > TYPED_MAX:
        return None
    if not set(folded) <= set("+0123456789 -.()/\u2010\u2011\u2012\u2013"):
        return None
    try:
        number = phonenumbers.parse(folded)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return shown.replace("-", " ")


def label(text: str) -> str:
    """What a number is for, as it is kept: one line, nothing invisible."""
    words = " ".join(text.split())
    plain = "".join(one for one in words if unicodedata.category(one)[0] != "C")
    return " ".join(plain.split())[:LABEL_MAX]
