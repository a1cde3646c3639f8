"""Lookup v2, ``/v2/PhoneNumbers/{number}``: kind of line and change of SIM.

A handset tells of itself: ``landline`` makes it one, ``sim_swapped_at`` is its last change of SIM.
Test credentials know Twilio's magic numbers, and nothing of any other. Packages that are not
played answer as Twilio does to an account that may not use them.
"""

from datetime import datetime, timedelta

import phonenumbers
from django.http import HttpRequest, JsonResponse
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from portal.emulator import formats, rest
from portal.emulator.accounts import Account
from portal.emulator.errors import NOT_ENABLED, NOT_MOBILE, Refused
from portal.emulator.faults import faults
from portal.emulator.state import Handset, store

LINE, SIM = "line_type_intelligence", "sim_swap"
PACKAGES = (
    *("caller_name", SIM, "call_forwarding", "line_status", LINE, "identity_match"),
    *("reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill"),
)
PROBLEMS = {
    ValidationResult.TOO_SHORT: "TOO_SHORT",
    ValidationResult.TOO_LONG: "TOO_LONG",
    ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
}
# twilio.com/docs/lookup/magic-numbers-for-lookup: none of these changed its SIM in its period.
MAGIC_PERIODS = {
    "+12345678900": "PT48H",
    "+12345678901": "PT24H",
    "+12345678904": "PT48H",
    "+12345678907": "PT24H",
}
PERIOD = "PT48H"
# The test network of ITU-T E.212.
CARRIER = {
    "carrier_name": "Emulated Mobile",
    "mobile_country_code": "001",
    "mobile_network_code": "01",
}
NO_CARRIER = dict.fromkeys(CARRIER)


@rest.breakable("lookups", number=lambda _request, number: number)
def fetch(request: HttpRequest, account: Account, number: str) -> JsonResponse:
    """What is known of a number; packages that ``Fields`` does not name are null."""
    if not formats.E164.fullmatch(number):
        raise Refused(20404, request.path)
    asked = {name for name in request.GET.get("Fields", "").split(",") if name}
    if unknown := asked - {"validation", *PACKAGES}:
        raise Refused(20001, ", ".join(sorted(unknown)))
    if faults.take("lookups", number, frozenset({"other_number"})):
        number = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    answer = _basic(request, number)
    known = _packages(number, account) if answer["valid"] else dict.fromkeys(PACKAGES)
    shown = {name: known[name] if name in asked else None for name in PACKAGES}
    return JsonResponse(answer | shown)


def _basic(request: HttpRequest, number: str) -> dict[str, object]:
    """The free part of the answer."""
    parsed, problem = _parsed(number)
    answer = {
        "calling_country_code": None,
        "country_code": None,
        "phone_number": number,
        "national_format": None,
        "valid": not problem,
        "validation_errors": [problem] if problem else None,
        "url": request.build_absolute_uri(f"/v2/PhoneNumbers/{number}"),
    }
    if problem:
        return answer
    return answer | {
        "calling_country_code": str(parsed.country_code),
        "country_code": formats.country(number),
        "national_format": phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL),
    }


def _parsed(number: str) -> tuple[PhoneNumber, str]:
    """The number, and what is wrong with it in Twilio's word, or ""."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return PhoneNumber(), "INVALID_COUNTRY_CODE"
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return parsed, PROBLEMS.get(reason, "")


def _packages(number: str, account: Account) -> dict[str, dict[str, object] | None]:
    if faults.take("lookups", number, frozenset({"not_enabled"})):
        return _none_enabled()
    if account.is_test:
        period = MAGIC_PERIODS.get(number)
        return dict.fromkeys(PACKAGES) | {SIM: _swap(None, period) if period else None}
    handset = store.handset(number)
    return _none_enabled() | {LINE: _line(handset), SIM: _sim(handset)}


def _none_enabled() -> dict[str, dict[str, object] | None]:
    return {name: {"error_code": NOT_ENABLED} for name in PACKAGES} | {
        LINE: NO_CARRIER | {"type": None, "error_code": NOT_ENABLED},
        SIM: NO_CARRIER | {"last_sim_swap": None, "error_code": NOT_ENABLED},
    }


def _line(handset: Handset) -> dict[str, object]:
    if handset.landline:
        return NO_CARRIER | {"type": "landline", "error_code": None}
    return CARRIER | {"type": "mobile", "error_code": None}


def _sim(handset: Handset) -> dict[str, object]:
    if handset.landline:
        return NO_CARRIER | {"last_sim_swap": None, "error_code": NOT_MOBILE}
    at = handset.sim_swapped_at
    return _swap(at, _duration(formats.now() - at) if at else PERIOD)


def _swap(at: datetime | None, period: str) -> dict[str, object]:
    """A dated change lies in its period by definition; without a date there was none."""
    last = {
        "last_sim_swap_date": at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
        "swapped_period": period,
        "swapped_in_period": at is not None,
    }
    return CARRIER | {"last_sim_swap": last, "error_code": None}


def _duration(length: timedelta) -> str:
    """``PT15282H33M44S``."""
    minutes, seconds = divmod(max(0, int(length.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"


one = rest.resource(GET=fetch, test_may=["GET"])
