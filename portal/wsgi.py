"""What the web server runs: ``granian --interface wsgi portal.wsgi:application``."""

import gc
import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# A web server imports this module without running Django's checks; what is unsafe stops here.
if refusals := [str(message) for message in run_checks() if message.level >= ERROR]:
    raise ImproperlyConfigured("\n".join(refusals))

# Otherwise the first unknown name in this process would take twice as long as a known one.
from accounts.users import services as users  # noqa: E402  (needs the applications)

users.warm()

# What is there now stays for as long as the process: looking through all of it for cycles again and
# again would stop every request for a tenth of a second each time.
gc.collect()
gc.freeze()
