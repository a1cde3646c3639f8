"""Who may use the API: an account, an API key of it, and an account of test credentials."""

import base64
import binascii
import hmac
from dataclasses import dataclass

from portal.emulator.errors import Refused

SENDER = "+15005550006"


@dataclass(frozen=True)
class Account:
    """``is_test`` behaves as Twilio's test credentials: magic numbers, nothing stored."""

    sid: str
    is_test: bool = False


LIVE = Account("AC00000000000000000000000000000001")
TEST = Account("AC00000000000000000000000000000002", is_test=True)

# Signs callbacks; an API key's secret never does.
AUTH_TOKEN = "emulator_auth_token"  # noqa: S105  (published in the contract)

_CREDENTIALS = {
    LIVE.sid: (AUTH_TOKEN, LIVE),
    "SK00000000000000000000000000000001": ("emulator_api_secret", LIVE),
    TEST.sid: ("emulator_test_token", TEST),
}


def identify(authorization: str | None) -> Account:
    """The account behind a Basic ``Authorization`` header; raises ``Refused`` (401, 20003)."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user = password = ""
    secret, account = _CREDENTIALS.get(user, ("", LIVE))
    matches = hmac.compare_digest(secret.encode(), password.encode())
    if scheme.lower() != "basic" or not secret or not matches:
        raise Refused(20003)
    return account
