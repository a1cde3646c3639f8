"""How the seed comes into the app: a QR code, and the same key to be typed or copied."""

import base64
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accounts import codes, qr
from sls.methods.authenticator_app import rules
from sls.methods.authenticator_app.models import AppDevice


def shown(device: AppDevice, *, digits: int) -> Mapping[str, Any]:
    """``qr`` (SVG), ``key`` (Base32) and ``groups`` (the key in fours) of a pending device.

    To be put on its page and nowhere else. Raises ``vault.CannotOpen``.
    """
    key = base64.b32encode(device.open_seed()).decode().rstrip("=")
    uri = rules.key_uri(
        issuer=settings.PORTAL_BRAND,
        account=device.user.username,
        key=key,
        facts={"algorithm": "SHA1", "digits": digits, "period": rules.STEP_SECONDS},
    )
    return {"qr": qr.drawn(uri), "key": key, "groups": codes.grouped(key, 4)}
