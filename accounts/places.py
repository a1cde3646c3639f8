"""Where an address is, as far as its registration tells: a country, and no nearer.

The table is compiled into the package and asks nobody outside. It is approximate: whoever shows a
country says so, and whoever decides by one never lets it lower a requirement.
"""

import ipaddress

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from iptocc import country_code
from phonenumbers.geodata.locale import LOCALE_DATA


def country(address: str) -> str:
    """The ISO 3166 code of the country that an address is registered in, "" where none is known.

    Private, reserved and unreadable addresses have none. Reads no table of the database.
    """
    return country_code(address) or ""


def name_of(code: str) -> str:
    """A country by its ISO code in the language of now, else in English; "" for no country."""
    names = LOCALE_DATA.get(code, {})
    language = (get_language() or "en").partition("-")[0]
    name = names.get(language) or names.get("en", "")
    # "*en" says that the name is spelt as in that language.
    return names.get(name[1:], "") if name.startswith("*") else name


def in_words(address: str) -> str:
    """ "Japan", or that it is no address of the internet; "" where nothing is known."""
    try:
        is_near = ipaddress.ip_address(address).is_private
    except ValueError:
        return ""
    return name_of(country(address)) or (_("Local network") if is_near else "")
