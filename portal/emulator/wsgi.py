"""The application, with its mail server.

``python -m portal.emulator`` is the way to run it. Another WSGI server may load ``application``,
with one worker (the state is in memory) on a loopback address:
``granian --interface wsgi --workers 1 --blocking-threads 32 --host 127.0.0.1 --port 8010
portal.emulator.wsgi:application``.
"""

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

clock.speed = settings.CONFIG.speed
smtp.listen("127.0.0.1", settings.CONFIG.smtp_port)
