"""Twilio's side of a callback, for tests: what it posts, and how it signs that."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.outbox.models import Channel, Message

SM, CA = "SM" + "a" * 32, "CA" + "a" * 32
FORM = "application/x-www-form-urlencoded"


def fields_of(message: Message, **fields: str) -> dict[str, str]:
    """What Twilio posts about ``message``; by default that it rings or was delivered."""
    if message.channel == Channel.VOICE:
        about = {"CallSid": CA, "CallStatus": "ringing"}
    else:
        about = {"MessageSid": SM, "MessageStatus": "delivered"}
    return {
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "From": settings.TWILIO_FROM,
        "To": message.to,
        **about,
        **fields,
    }


def signature(url: str, fields: dict[str, str], *, token: str | None = None) -> str:
    """HMAC-SHA1 over the address and the fields in order of their names."""
    joined = url + "".join(name + fields[name] for name in sorted(fields))
    key = (token or settings.TWILIO_AUTH_TOKENS[0]).encode()
    return base64.b64encode(hmac.new(key, joined.encode(), hashlib.sha1).digest()).decode()


def post(
    path: str,
    fields: dict[str, str],
    *,
    url: str | None = None,
    token: str | None = None,
    signed: str | None = None,
    **extra: Any,
) -> HttpResponse:
    """Posts a callback, signed for ``url`` (the public address of ``path``) unless told otherwise.

    ``signed`` is another signature to send; "" sends none.
    """
    if signed is None:
        signed = signature(url or settings.PUBLIC_BASE_URL + path, fields, token=token)
    headers = {"X-Twilio-Signature": signed} if signed else {}
    body = extra.pop("body", urlencode(fields))
    content_type = extra.pop("content_type", FORM)
    return Client().post(path, body, content_type=content_type, headers=headers, **extra)
