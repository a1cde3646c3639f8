"""``manage.py demo``: the whole portal on this machine, with an emulated telephone network."""

import os
import signal
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError

from django.conf import settings
from django.core.cache import cache
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connection

from portal import health
from portal.supervise import EmbeddedValkey, Failed, Supervisor, answers, port_is_free

WEB_WORKERS, WEB_THREADS, TASK_THREADS = "2", "8", "8"


class Stopped(Exception):  # noqa: N818  (not an error)
    """Somebody asked for the end."""


class Command(BaseCommand):
    """Starts broker, emulator, database, worker and web server, and stops them together."""

    help = (
        "Run everything on this machine: broker, emulator, worker with beat, web server. "
        "PORT, EMULATOR_PORT, SMTP_PORT and DEMO_DIR choose the places; FRESH=1 starts empty."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Returns after Ctrl-C or TERM; raises ``CommandError`` when a part fails."""
        if settings.PRODUCTION:
            raise CommandError("The demo does not run with PORTAL_PROFILE=production.")
        if "REDIS_URL" not in os.environ:
            self._with_broker()
            return
        self._run(Supervisor(sys.stderr), None)
