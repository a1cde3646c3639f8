"""How the seed comes into the app: a QR code, and the same key to be typed or copied."""

import base64
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from accounts import codes
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
    return {"qr": _drawn(uri), "key": key, "groups": codes.grouped(key, 4)}


def _drawn(text: str) -> SafeString:
    """Black on white in every theme, with the quiet zone of four modules that cameras need.

    Made of numbers alone: nothing of ``text`` stands in the markup.
    """
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr__code", lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308
