import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from sls.ib_key_app import shell

# The portal's policy without the nonce: the page is kept on the phone, where a nonce would be the
# same for ever.
POLICY = settings.SECURE_CSP | {"script-src": [CSP.SELF]}
# Of the theme in light and in dark; the browser's frame takes no light-dark().
PAPER = "#faf9f7"


@login_not_required
@csp_override(POLICY)
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The app. Everything else happens on the phone and through ``/api/v1/ib-key/``."""
    return HttpResponse(shell.page())


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps written into it."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"version": shell.version(), "shell": shell.addresses()}
    context = {"facts": json.dumps(facts), "icon": static("ibkey/icons/192.png")}
    return render(request, "ibkey/sw.js", context, content_type="text/javascript")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the app installable."""
    start = reverse("ibkey")
    icons = [
        {"src": static(f"ibkey/icons/{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    body = {
        "id": start,
        "name": f"IB Key – {settings.PORTAL_BRAND}",
        "short_name": "IB Key",
        "description": _("Confirms your sign-ins with your phone."),
        "lang": translation.get_language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "orientation": "portrait",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            *icons,
            *({**one, "purpose": "maskable"} for one in icons),
            {"src": static("ibkey/icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")
