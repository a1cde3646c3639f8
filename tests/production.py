"""A complete production environment, and a way to run a command under it.

``python -m tests.production check --deploy`` is what ``make check`` calls. Nothing is connected
to: the addresses are those of documentation.
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path

from django.core.management import execute_from_command_line


def environment(folder: Path) -> dict[str, str]:
    """The variables; the key files are written into ``folder``."""
    keys = folder / "keys"
    keys.mkdir()
    for name in ("2026-01", "index", "audit"):
        (keys / name).write_text(secrets.token_hex(32))
    (folder / "secret").write_text(secrets.token_urlsafe(64))
    return {
        "PORTAL_PROFILE": "production",
        "PUBLIC_BASE_URL": "https://portal.example.com",
        "SECRET_KEY_FILE": str(folder / "secret"),
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": "postgresql://portal:unused@db.example.com/portal",
        "REDIS_URL": "rediss://redis.example.com/0",
        "EMAIL_URL": "smtp+tls://portal:unused@mail.example.com",
        "KEK_DIR": str(keys),
        "KEK_ACTIVE": "2026-01",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKENS": "unused",
        "TWILIO_FROM": "+14155550100",
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ |= environment(Path(temporary))
        execute_from_command_line(["manage.py", *sys.argv[1:]])
