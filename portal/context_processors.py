"""What every template may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.callers.listing import of_client
from accounts.callers.models import Talk
from accounts.sessions import pages
from accounts.support import record
from portal.tls import services as tls
from sls.step_up.pages import window


def portal(request: HttpRequest) -> dict[str, Any]:
    """Brand, support record, the address to check in the address bar, Twilio's mode, what
    needs no further proof for now, when the session ends, whether the browser is too old, and who
    of staff is talking to the reader. Reads no table but where somebody may be."""
    return {
        "window": window(getattr(request, "session_row", None)),
        "log_off": pages.log_off(request),
        "old_browser": pages.is_old_browser(request),
        "talks": _talks(request),
        "brand": settings.PORTAL_BRAND,
        "support": SimpleLazyObject(record.current),
        "public_base_url": settings.PUBLIC_BASE_URL,
        "public_host": settings.PUBLIC_BASE_URL.partition("://")[2],
        "certificate": tls.shown,  # asked where a page shows it
        "twilio_mode": settings.TWILIO_MODE,
        "emulator_url": f"http://localhost:{settings.EMULATOR_PORT}"
        if settings.TWILIO_MODE == "emulator"
        else "",
    }


def _talks(request: HttpRequest) -> list[Talk]:
    user = getattr(request, "user", None)
    is_client = user is not None and user.is_authenticated and not user.is_staff
    return of_client(user) if is_client else []
