"""The application. Importing it starts nothing."""

import os

# Not setdefault: the portal's own package names its settings when it is imported.
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.emulator.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from portal.emulator import smtp
from portal.emulator.clock import clock

application = WhiteNoise(
    get_wsgi_application(),
    root=settings.BASE_DIR / "static" / "emulator",
    prefix="static/emulator/",
    max_age=0,
    allow_all_origins=False,
)


def start() -> None:
    """The clock, and the mail server, which complains of its own port."""
    clock.speed = settings.CONFIG.speed
    smtp.listen("127.0.0.1", settings.CONFIG.smtp_port)
