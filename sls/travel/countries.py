"""The countries that a notice may name, in the reader's language."""

import unicodedata

from phonenumbers.geodata.locale import LOCALE_DATA

from accounts import places

# Two capital letters are a country; "001" is the whole world, which would narrow nothing.
CODES = frozenset(code for code in LOCALE_DATA if len(code) == 2 and code.isalpha())


def choices() -> list[tuple[str, str]]:
    """Code and name of every country, by name."""
    named = [(code, places.name_of(code)) for code in CODES]
    return sorted(((code, name) for code, name in named if name), key=lambda one: _key(one[1]))


def named(codes: list[str]) -> list[str]:
    """Countries in words."""
    return [places.name_of(code) or code for code in codes]


def _key(name: str) -> str:
    """Accents do not move a name to the end."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
