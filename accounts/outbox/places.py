"""Which country a telephone number is of. Pure."""

import functools

import phonenumbers


@functools.lru_cache(maxsize=4096)
def country_of(number: str) -> str:
    """ISO 3166-1 alpha-2, or "+" and the calling code where several countries share the number;
    "" for what is no telephone number (E.164)."""
    if not number.startswith("+"):
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or f"+{parsed.country_code}"
