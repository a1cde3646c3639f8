"""Every rate of the house in one list, named after what it protects (django-ratelimit).

Windows are fixed. A cache that does not answer raises, and the page says 503: limits never fail
open. What must be exact (sends to a number, failures of a device) is counted in tables instead.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_ratelimit.core import get_usage

RATES = {
    "sign_ins_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "passkeys_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "activations_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "sends_per_address": lambda: f"{settings.SENDS_PER_ADDRESS_HOUR}/h",
    "test_messages_per_user": lambda: "5/h",
    # Whoever relays a page must not collect many answers of a card (SECURITY 3.2).
    "challenges_per_card": lambda: f"{settings.CARD_CHALLENGES}/10m",
    "sends_per_prefix": lambda: f"{settings.SENDS_PER_PREFIX_HOUR}/h",
    "sends_per_hour": lambda: f"{settings.SENDS_PER_HOUR}/h",
    "unverified_callbacks_per_address": lambda: "600/m",
}


class TooMany(PermissionDenied):
    """The rate is used up for ``retry_after`` seconds; the site answers 429 with a full page."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("rate used up")
        self.retry_after = retry_after


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


def demand(name: str, key: str) -> None:
    """``take`` for views: raises ``TooMany`` when it was too many."""
    usage = take(name, key)
    if usage.over:
        raise TooMany(usage.retry_after)


def slowed[R: HttpResponse](response: R, retry_after: int | None) -> R:
    """Makes a page that says when to come back a 429; leaves it as it is when there is no wait."""
    if retry_after:
        response.status_code = 429
        response["Retry-After"] = str(retry_after)
    return response
