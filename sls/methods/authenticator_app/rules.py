"""Time steps, the clock of a device that drifts, and what is put into its QR code. Pure."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
WINDOW = (-1, 0, 1)
MOST_DRIFT = 10


def step_at(seconds: float) -> int:
    """The time step of RFC 6238 (T0 = 0) at a time in seconds."""
    return int(seconds) // STEP_SECONDS


def window(now: int, drift: int) -> list[int]:
    """The three steps whose codes are accepted in step ``now`` from a clock ``drift`` steps off."""
    return [now + drift + place for place in WINDOW]


def recentred(drift: int, *, before: int, off: int) -> int:
    """The drift to remember after two accepted codes that were ``before`` and ``off`` steps off.

    RFC 6238 section 6: a slow or fast clock is followed, one step a success and ten at most. A
    single code off the centre is no sign of that (it was typed late, or the next one was taken
    because the present one was used), so both have to lie on the same side.
    """
    if min(before, off) > drift:
        drift += 1
    elif max(before, off) < drift:
        drift -= 1
    return max(-MOST_DRIFT, min(MOST_DRIFT, drift))


def key_uri(*, issuer: str, account: str, key: str, facts: Mapping[str, str | int]) -> str:
    """What the QR code says: the ``otpauth`` address of a Base32 ``key``, as apps read it."""
    # A colon divides issuer and account, so none may be in them.
    issuer, account = issuer.replace(":", " "), account.replace(":", " ")
    query = urlencode({"secret": key, "issuer": issuer, **facts}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"
