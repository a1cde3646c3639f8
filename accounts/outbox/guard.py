"""The guard of the telephone: numbers that are never sent to, and budgets that stop a flood.

Text messages and calls cost money, and some ranges pay their owner for each (SMS pumping, toll
fraud). ``refusal`` is asked before a number is taken and before anything is sent; the budgets are
taken by the worker, so that no page waits for them.
"""

import logging
from enum import StrEnum

import phonenumbers
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from phonenumbers import PhoneNumberType

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM

log = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a number is refused; the sentences are in ``wording.refusal``."""

    INVALID = "invalid"
    COUNTRY = "country"
    PREMIUM = "premium"
    SPECIAL = "special"


# Country calling codes and ranges that libphonenumber does not, or not everywhere, call by their
# price: United States 900, Japan Dial Q2, Navi Dial and Teledome, British personal numbers.
PREMIUM_PREFIXES = ("+1900", "+81990", "+81570", "+81180", "+4470", "+979", "+808")
# Satellites and networks without a country (ITU E.164 shared codes).
SPECIAL_PREFIXES = ("+870", "+878", "+881", "+882", "+883", "+888")
PREMIUM_TYPES = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
SPECIAL_TYPES = {PhoneNumberType.UAN, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL}


def refusal(number: str) -> Reason | None:
    """Why nothing is ever sent to ``number`` (E.164), or None. Pure; reads only the settings."""
    if number.startswith(PREMIUM_PREFIXES):
        return Reason.PREMIUM
    if number.startswith(SPECIAL_PREFIXES):
        return Reason.SPECIAL
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return Reason.INVALID
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        return Reason.INVALID
    return _by_plan(parsed)


def _by_plan(parsed: phonenumbers.PhoneNumber) -> Reason | None:
    """What the numbering plan of its country says."""
    if not _is_served(parsed):
        return Reason.COUNTRY
    if not phonenumbers.is_valid_number(parsed):
        return Reason.INVALID
    kind = phonenumbers.number_type(parsed)
    if kind in PREMIUM_TYPES:
        return Reason.PREMIUM
    return Reason.SPECIAL if kind in SPECIAL_TYPES else None


def _is_served(parsed: phonenumbers.PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_number(parsed)
    if region is not None:
        return region in settings.COUNTRIES_SERVED
    regions = phonenumbers.region_codes_for_country_code(parsed.country_code)
    return any(country in settings.COUNTRIES_SERVED for country in regions)


def prefix(number: str) -> str:
    """The thousand numbers around this one; what pumping rents is whole ranges."""
    return number[:-3]


def over_budget(number: str) -> str:
    """Takes one send from the budgets; the name of the first that is empty, or "".

    Raises when the cache does not answer: nothing is sent unbudgeted.
    """
    for budget, key in (("sends_per_prefix", prefix(number)), ("sends_per_hour", "all")):
        usage = limits.take(budget, key)
        if usage.over:
            _alarm(budget, key, usage.retry_after)
            return budget
    return ""


def _alarm(budget: str, key: str, seconds: int) -> None:
    """Once a window: an entry in the system's chain and a line for whoever watches the log."""
    if not caches["limits"].add(f"alarm:{budget}:{key}", 1, seconds):
        return
    shown = f"{key}xxx" if key.startswith("+") else key
    log.error("telephone guard stops sending: %s", budget)
    with transaction.atomic():
        audit.record(
            Event.SPENDING_BREAKER,
            user=None,
            origin=SYSTEM,
            actor="system",
            detail={"budget": budget, "range": shown, "seconds": seconds},
        )
