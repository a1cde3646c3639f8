"""What an address may look like and how it is shown. Pure."""

import phonenumbers


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
