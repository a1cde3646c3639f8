"""What every template may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from sls.step_up.pages import window


def portal(request: HttpRequest) -> dict[str, Any]:
    """Brand, support record, the address to check in the address bar, Twilio's mode, and what
    needs no further proof for now. Reads no table."""
    return {
        "window": window(getattr(request, "session_row", None)),
        "brand": settings.PORTAL_BRAND,
        "support": settings.SUPPORT,
        "public_base_url": settings.PUBLIC_BASE_URL,
        "public_host": settings.PUBLIC_BASE_URL.partition("://")[2],
        "twilio_mode": settings.TWILIO_MODE,
        "emulator_url": f"http://localhost:{settings.EMULATOR_PORT}"
        if settings.TWILIO_MODE == "emulator"
        else "",
    }
