"""What every template may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Brand, support record, the address to check in the address bar, and Twilio's mode."""
    return {
        "brand": settings.PORTAL_BRAND,
        "support": settings.SUPPORT,
        "public_base_url": settings.PUBLIC_BASE_URL,
        "public_host": settings.PUBLIC_BASE_URL.partition("://")[2],
        "twilio_mode": settings.TWILIO_MODE,
        "emulator_url": f"http://localhost:{settings.EMULATOR_PORT}"
        if settings.TWILIO_MODE == "emulator"
        else "",
    }
