"""``manage.py demo``: the same as ``make demo``."""

import os
import sys
from typing import Any

from django.core.management import BaseCommand


class Command(BaseCommand):
    """Hands over to ``portal/demo.py``, which reads the settings only once the broker is up."""

    help = (
        "Run everything on this machine: broker, emulator, worker with beat, web server. "
        "PORT, EMULATOR_PORT, SMTP_PORT and DEMO_DIR choose the places; FRESH=1 starts empty."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Does not return: this process becomes the supervisor."""
        os.execv(sys.executable, [sys.executable, "-m", "portal.demo"])  # noqa: S606
