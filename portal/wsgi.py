"""What the web server runs: ``granian --interface wsgi portal.wsgi:application``."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# A server imports this module without running Django's checks; an unsafe production stops here.
call_command("check", skip_checks=False)
