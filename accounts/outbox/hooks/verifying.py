"""What the receiver of a webhook does before it believes one. To be copied; needs Python alone."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

TOLERANCE = 300  # seconds


class NotGenuine(Exception):
    """Do nothing, and answer 400."""


def verified(
    body: bytes,
    signature: str,
    secrets: Mapping[str, str],
    *,
    now: float,
    tolerance: int = TOLERANCE,
) -> dict[str, Any]:
    """The event that ``body`` tells, if one of your ``secrets`` (by key id) has signed it just now.

    ``body`` is what came, byte for byte; ``signature`` the header ``Portal-Signature``; ``now`` the
    time in seconds of Unix. Then look whether you have seen ``event["id"]``: it may come again, and
    is to be done once. Raises ``NotGenuine``.
    """
    try:
        fields = [part.split("=", 1) for part in signature.split(",")]
        (first, at), *signed = fields
        age = now - int(at)
    except ValueError:
        raise NotGenuine("the signature cannot be read") from None
    if first != "t" or not (at.isascii() and at.isdigit()) or abs(age) > tolerance:
        raise NotGenuine("too old, or from the future")
    for (name, kid), (version, digest) in zip(signed[::2], signed[1::2], strict=False):
        if (name, version) != ("kid", "v1") or kid not in secrets:
            continue
        mine = hmac.new(secrets[kid].encode(), f"{at}.".encode() + body, "sha256").hexdigest()
        if hmac.compare_digest(mine.encode(), digest.encode()):
            return json.loads(body)
    raise NotGenuine("no key of yours has signed it")
