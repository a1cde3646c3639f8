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
    "unlocks_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "activations_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    # Names typed and codes tried by whoever wants to come back in; also references of what waits.
    "recoveries_per_address": lambda: f"{settings.SIGN_INS_PER_ADDRESS_MINUTE}/m",
    "sends_per_address": lambda: f"{settings.SENDS_PER_ADDRESS_HOUR}/h",
    "test_messages_per_user": lambda: "5/h",
    "calls_per_token": lambda: f"{settings.API_CALLS_PER_MINUTE}/m",
    "calls_noticed_per_token": lambda: f"{settings.API_CALLS_NOTICED}/m",
    "busy_told_per_token": lambda: "1/d",
    # A token that wanders: each place once a day, and a handful of places.
    "place_told_per_token": lambda: "1/d",
    "places_told_per_token": lambda: "10/d",
    # Guesses at tokens, and reports of found ones.
    "calls_per_address": lambda: "600/m",
    "leaks_per_address": lambda: "30/m",
    # Each reads a whole record.
    "exports_per_user": lambda: "10/h",
    # Of what leaves a row behind whenever somebody who is signed in asks for it.
    "rows_per_user": lambda: "60/m",
    # Openings, each of which is recorded; a program that saves a file asks for many parts of it.
    "documents_per_user": lambda: f"{settings.DOCUMENTS_PER_MINUTE}/m",
    # Calls of one system about one kind of thing: one that runs wild does not stop the others.
    "deliveries_per_system": lambda: f"{settings.DELIVERIES_PER_MINUTE}/m",
    "reports_per_user": lambda: "10/d",
    "letters_per_user": lambda: "50/d",
    "reports_per_address": lambda: "5/h",
    "reports_without_account": lambda: "300/h",
    # References of callers that are checked, guesses among them; and calls that read one out.
    "caller_checks_per_address": lambda: "20/10m",
    "caller_calls_per_user": lambda: "3/h",
    "caller_proofs_per_user": lambda: "10/h",
    # Attempts of one of staff at what they may not that are written down one by one.
    "refusals_per_staff": lambda: "30/h",
    # Automatic calls that ask about a transaction.
    "transaction_calls_per_user": lambda: "3/h",
    # Each reads what stands on a kit.
    "kits_per_address": lambda: "30/m",
    # Each asks for a slow hash when nothing else speaks against the password.
    "password_advice_per_user": lambda: "60/m",
    # Whoever relays a page must not collect many answers of a card (SECURITY 3.2).
    "tests_per_phone": lambda: "5/10m",
    "phones_per_address": lambda: "300/m",
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
    """``over`` means refuse; ``retry_after`` is in seconds. Of ``most`` uses in ``window`` seconds
    ``left`` are there until ``resets`` seconds from now."""

    over: bool
    retry_after: int
    name: str = ""
    most: int = 0
    left: int = 0
    window: int = 0
    resets: int = 0


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
    resets = max(1, usage["time_left"])
    return Usage(
        over=usage["should_limit"],
        retry_after=resets,
        name=name,
        most=usage["limit"],
        left=max(0, usage["limit"] - usage["count"]),
        window=_window(RATES[name]()),
        resets=resets,
    )


def _window(rate: str) -> int:
    """Seconds of a rate such as "5/m" or "5/10m"."""
    span = rate.partition("/")[2]
    return int(span[:-1] or 1) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[span[-1]]


def demand(name: str, key: str) -> None:
    """``take`` for views: raises ``TooMany`` when it was too many."""
    usage = take(name, key)
    if usage.over:
        raise TooMany(usage.retry_after)


def count(request: HttpRequest, name: str, key: str) -> None:
    """``demand`` for operations: what is left of the rate stands in the headers of the answer."""
    usage = take(name, key)
    request.rate = usage
    if usage.over:
        raise TooMany(usage.retry_after)


def slowed[R: HttpResponse](response: R, retry_after: int | None) -> R:
    """Makes a page that says when to come back a 429; leaves it as it is when there is no wait."""
    if retry_after:
        response.status_code = 429
        response["Retry-After"] = str(retry_after)
    return response
