"""Every rate of the house in one list, named after what it protects (django-ratelimit).

Windows are fixed. A cache that does not answer raises, and the page says 503: limits never fail
open. What must be exact (sends to a number, failures of a device) is counted in tables instead.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

RATES = {
    "sign_ins_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "activations_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "sends_per_address": lambda: f"{settings.SENDS_PER_ADDRESS_HOUR}/h",
    "test_messages_per_user": lambda: "5/h",
    "sends_per_prefix": lambda: f"{settings.SENDS_PER_PREFIX_HOUR}/h",
    "sends_per_hour": lambda: f"{settings.SENDS_PER_HOUR}/h",
    "unverified_callbacks_per_address": lambda: "600/m",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """``over`` means refuse; ``retry_after`` is in seconds."""

    over: bool
    retry_after: int


def take(name: str, key: str) -> Usage:
    """Counts one use of the rate ``name`` by ``key`` and tells whether it was too many."""
    usage = get_usage(
        HttpRequest(),
        group=name,
        key=lambda _group, _request: key,
        rate=RATES[name](),
        increment=True,
    )
    if usage is None:
        return Usage(False, 0)
    return Usage(usage["should_limit"], max(1, usage["time_left"]))
