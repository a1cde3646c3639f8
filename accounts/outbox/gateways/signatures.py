"""Whether a request comes from Twilio: the signature and nothing else."""

import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def is_genuine(request: HttpRequest) -> bool:
    """Whether ``X-Twilio-Signature`` was made with one of our auth tokens over this request.

    The address is the configured public one: ``Host`` and ``X-Forwarded-Proto`` prove nothing. A
    JSON body counts only with its hash in the signed query, since nothing else binds it. The
    signature has no time, so that a replay is genuine: handlers are idempotent.
    """
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not signature or not signature.isascii():
        return False
    # Keys that are shared by the newer webhook configuration are not used here.
    if SIGNATURE_SETTINGS_HEADER in request.headers:
        return False
    address = settings.PUBLIC_BASE_URL + request.get_full_path()
    signed = _signed_part(request, address)
    if signed is None:
        return False
    return any(
        RequestValidator(token).validate(address, signed, signature)
        for token in settings.TWILIO_AUTH_TOKENS
        if token
    )


def _signed_part(request: HttpRequest, address: str) -> Any:
    """The parameters or the text of the body that the signature covers; None if it covers none."""
    if request.content_type == FORM:
        return request.POST
    if request.content_type != JSON:
        return None
    if "bodySHA256" not in parse_qs(urlsplit(address).query):
        return None
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        return None


def fields(request: HttpRequest) -> dict[str, str] | None:
    """The fields of a genuine request; None when one is repeated or the body is no object.

    Twilio's signature joins names and values without a mark between them and drops repeats; a
    repeated field is therefore never one of Twilio's.
    """
    if request.content_type == FORM:
        found = dict(request.POST.lists())
        if any(len(values) != 1 for values in found.values()):
            return None
        return {name: values[0] for name, values in found.items()}
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    return {name: str(value) for name, value in body.items() if value is not None}


def is_ours(account: str) -> bool:
    """Whether a request speaks of this account."""
    return bool(account) and hmac.compare_digest(
        account.encode(), settings.TWILIO_ACCOUNT_SID.encode()
    )
