"""``/.well-known/security.txt``: whom to tell about a weakness (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact, good for ninety days from now."""
    expires = (datetime.now(UTC) + timedelta(days=90)).replace(microsecond=0, second=0, minute=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Canonical: {settings.PUBLIC_BASE_URL}/.well-known/security.txt",
        "Preferred-Languages: en, ja",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
