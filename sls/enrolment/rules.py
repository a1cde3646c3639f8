"""What follows from where a new client lives. Pure."""

from phonenumbers import parse
from phonenumbers.timezone import time_zones_for_number

ENTITIES = {"US": "US", "JP": "JP", "CA": "CA", "HK": "HK", "IN": "IN"}
ELSEWHERE = "IE"
UNKNOWN_ZONE = "Etc/Unknown"


def entity_of(region: str | None) -> str:
    """The legal entity that serves clients of a country (ISO 3166)."""
    return ENTITIES.get(region or "", ELSEWHERE)


def zone_of(number: str) -> str | None:
    """The time zone of an E.164 number where it has only one, as in Japan; else None."""
    zones = time_zones_for_number(parse(number))
    return zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_ZONE else None
