"""The shell: every file that the app needs without a network, and a version that names them all.

The service worker keeps the shell under its version and serves nothing else from memory, so a
page never runs with modules of another version.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from accounts.support import record
from sls.ib_key_app.words.catalogue import catalogue

# The portal's tokens and bare elements are the app's, too.
SHARED = ("css/tokens.css", "css/base.css")
KINDS = (".js", ".css", ".svg", ".png")
# Asked for once, when the app is installed.
NOT_KEPT = ("512.png",)


def files() -> list[Path]:
    """Every static file of the shell."""
    root = settings.BASE_DIR / "static"
    own = sorted(one for one in (root / "ibkey").rglob("*") if one.suffix in KINDS)
    kept = [one for one in own if one.name not in NOT_KEPT]
    return [*(root / name for name in SHARED), *kept]


def addresses() -> list[str]:
    """What the service worker keeps: the page, and the static files under the names that the
    page, the modules and the style sheets call them by."""
    root = settings.BASE_DIR / "static"
    return [reverse("ibkey"), *(static(str(one.relative_to(root))) for one in files())]


def page() -> str:
    """The page of the app. It is the same for everybody: it names no person, no language but the
    one it starts with, and carries no nonce, because it is kept on the phone."""
    return render_to_string(
        "ibkey/app.html",
        {
            "words": catalogue(),
            "brand": settings.PORTAL_BRAND,
            "support": record.current(),
            "public_host": settings.PUBLIC_HOST,
        },
    )


def version() -> str:
    """Changes with every byte of the shell."""
    seen = hashlib.sha256(page().encode())
    for one in files():
        seen.update(one.read_bytes())
    return seen.hexdigest()[:16]
