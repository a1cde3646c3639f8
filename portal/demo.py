"""The whole portal on this machine: ``make demo`` runs this module.

Order: broker, emulator, database with the cast, worker with beat, web server. The settings are
read only after the broker is up, because they name it. The end of any part is the end of all.
"""

import fcntl
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

from portal import env
from portal.supervise import EmbeddedValkey, Failed, Supervisor, port_is_free

ROOT = Path(__file__).resolve().parent.parent
WEB_WORKERS, WEB_THREADS, TASK_THREADS = "2", "8", "8"
# What FRESH=1 deletes, and nothing else: DEMO_DIR is named by the caller.
STATE = ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm")
QUIET = {"LOG_LEVEL": "WARNING", "LOG_FORMAT": "text"}


class Stopped(BaseException):
    """TERM or Ctrl-C; not an ``Exception``, so that nothing on the way takes it for a fault."""


def main() -> int:
    """Runs until stopped; returns the exit status."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        _run()
    except Stopped:
        return 0
    except (Failed, ImproperlyConfigured) as error:
        print(f"demo: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _stop(*_args: object) -> None:
    raise Stopped


def _run() -> None:
    ports = {
        name: env.number(name, default, least=1, most=65535)
        for name, default in (("PORT", 8000), ("EMULATOR_PORT", 8010), ("SMTP_PORT", 8025))
    }
    folder = Path(env.text("DEMO_DIR", str(ROOT / ".demo"))).resolve()
    if env.choice("PORTAL_PROFILE", "development", ("development", "production")) == "production":
        raise Failed("the demo does not run with PORTAL_PROFILE=production")
    for name, port in ports.items():
        if not port_is_free(port):
            raise Failed(f"port {port} is taken; choose another, for example {name}={port + 100}")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if env.flag("FRESH"):
            for pattern in STATE:
                for path in folder.glob(pattern):
                    path.unlink()
        _supervise(folder, ports)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two demos would sweep one outbox; the second of a folder is refused."""
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failed(f"another demo runs in {folder}; choose another DEMO_DIR") from None
        yield


def _supervise(folder: Path, ports: dict[str, int]) -> None:
    supervisor, valkey = Supervisor(sys.stderr), EmbeddedValkey()
    address = folder / "redis.url"
    os.environ |= {name: os.environ.get(name) or value for name, value in QUIET.items()}
    os.environ |= {name: str(port) for name, port in ports.items()}
    os.environ |= {"DEMO_DIR": str(folder), "REDIS_URL": valkey.url}
    try:
        supervisor.start("broker", valkey.command)
        supervisor.wait_for("the broker", valkey.is_up, 10)
        address.write_text(valkey.url)
        supervisor.start(
            "emulator",
            [sys.executable, "-m", "portal.emulator"],
            DJANGO_SETTINGS_MODULE="portal.emulator.settings",
        )
        _database()
        supervisor.start("worker", _worker())
        supervisor.start("web server", _web(ports["PORT"]))
        portal = f"http://localhost:{ports['PORT']}"
        phone = f"http://localhost:{ports['EMULATOR_PORT']}"
        supervisor.wait_for("the emulator", lambda: _answers(f"{phone}/phone/"))
        supervisor.wait_for("the mailbox", lambda: not port_is_free(ports["SMTP_PORT"]))
        supervisor.wait_for("the portal", lambda: _answers(f"{portal}/readyz"))
        print(f"ready: portal {portal}  phone {phone}", flush=True)  # noqa: T201
        supervisor.watch()
    finally:
        # A second Ctrl-C must not leave processes behind.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
        address.unlink(missing_ok=True)
        valkey.remove()


def _database() -> None:
    """Migrates and seeds in this process, which saves a start of Python."""
    django.setup()
    from django.db import connections  # noqa: PLC0415  (settings are known from here on)

    call_command("migrate", verbosity=0, interactive=False)
    if "seed_demo" in get_commands():
        # Standard output holds the line that says ready, and no other.
        call_command("seed_demo", verbosity=0, stdout=sys.stderr)
    connections.close_all()


def _worker() -> list[str]:
    return [
        # Celery warns of root, as which containers and this demo often run.
        *(sys.executable, "-W", "ignore:You're running the worker with superuser"),
        *("-m", "celery", "--quiet", "-A", "portal", "worker", "--beat"),
        *("--loglevel", os.environ["LOG_LEVEL"]),
        *("--pool", "threads", "--concurrency", TASK_THREADS),
        *("--without-gossip", "--without-mingle"),
    ]


def _web(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error"),
        *("--workers", WEB_WORKERS, "--blocking-threads", WEB_THREADS),
        # A worker that is told to stop while it still starts would be waited for without end.
        *("--workers-kill-timeout", "3"),
        "portal.wsgi:application",
    ]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  (our own loopback)
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
