"""The processes of a run, each as it stands in production, on one machine."""

import atexit
import contextlib
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from portal.demo import TASK_THREADS, WEB_THREADS, WEB_WORKERS
from portal.supervise import Supervisor, answers
from tests import services
from tests.emulator_process import free_port

# One address does here what a thousand would do; the rates stay on.
_RATES = {
    "SIGN_INS_PER_ADDRESS_MINUTE": "1000000",
    "SENDS_PER_ADDRESS_HOUR": "1000000",
    "SENDS_PER_PREFIX_HOUR": "1000000",
    "SENDS_PER_HOUR": "1000000",
    "SPENDING_LEAST": "1000000",
    "CARD_CHALLENGES": "20",
    "SESSIONS_AT_ONCE": "50",
}
CHEAP, REAL = "test", "development"  # profiles: the first hashes passwords with MD5
PATIENCE = 60


class Stack:
    """Database, broker and folder of the run; starts servers and workers on them."""

    def __init__(self) -> None:
        services.prepare("postgres")
        self.folder = Path(os.environ["DEMO_DIR"])
        self.port, self.provider_port = free_port(), free_port()
        os.environ |= _RATES | {
            "PUBLIC_BASE_URL": f"http://localhost:{self.port}",
            "TWILIO_API_BASE": f"http://localhost:{self.provider_port}",
        }
        self._log = open(self.folder / "log", "ab")  # noqa: SIM115
        self._open = ExitStack()
        atexit.register(self._open.close)

    def log(self) -> str:
        """The end of what the processes wrote."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    @contextmanager
    def process(
        self, name: str, command: Sequence[str], port: int | None = None, **env: str
    ) -> Iterator[None]:
        """A child for the time of the block, which begins when its port answers."""
        supervisor = Supervisor(self._log)
        # Production's own: INFO as JSON, a pool of connections.
        shared = {"LOG_LEVEL": "INFO", "LOG_FORMAT": "json", "DATABASE_POOL": "10"}
        supervisor.start(name, command, **shared | env)
        self._open.callback(supervisor.stop)
        try:
            if port:
                supervisor.wait_for(name, lambda: answers(port), PATIENCE)
            yield
        finally:
            supervisor.stop()

    @contextmanager
    def web(
        self,
        *,
        profile: str = CHEAP,
        target: str = "portal.wsgi:application",
        port: int | None = None,
        **env: str,
    ) -> Iterator[int]:
        """The portal as the demo serves it; yields its port once it is warm."""
        port = port or free_port()
        command = _granian(port, target)
        with self.process("web", command, port, PORTAL_PROFILE=profile, **env):
            _warm(port, "/login/")
            yield port

    @contextmanager
    def bare(self, username: str, password: str) -> Iterator[int]:
        """The new project on the same kind of server, with one user; yields its port."""
        port = free_port()
        command = _granian(port, "django.core.wsgi:get_wsgi_application", "--factory")
        env = {"DJANGO_SETTINGS_MODULE": "tests.bench.bare.settings", "PORTAL_PROFILE": CHEAP}
        _database(env, username, password)
        with self.process("bare view", command, port, **env):
            _warm(port, "/")
            _warm(port, "/accounts/login/")
            yield port

    @contextmanager
    def worker(self, **env: str) -> Iterator[None]:
        """A worker with beat, as the demo starts it."""
        command = [
            *(sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "portal", "worker"),
            *("--beat", "--schedule", f"{tempfile.mkdtemp(dir=self.folder)}/beat"),
            *("--pool", "threads", "--concurrency", TASK_THREADS, "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ]
        from django.core.cache import cache

        from portal.health import HEARTBEAT_KEY

        cache.delete(HEARTBEAT_KEY)
        with self.process("worker", command, PORTAL_PROFILE=CHEAP, **env):
            wait_until(lambda: cache.get(HEARTBEAT_KEY), "the worker's heartbeat")
            yield

    @contextmanager
    def provider(self) -> Iterator["Provider"]:
        """The lean provider, at the address that workers use unless told otherwise."""
        command = [sys.executable, "-m", "tests.bench.provider", str(self.provider_port)]
        with self.process("provider", command, self.provider_port):
            yield Provider(self.provider_port)


class Provider:
    """The handle of a running ``tests.bench.provider``."""

    def __init__(self, port: int) -> None:
        self._port = port

    def delay(self, milliseconds: int) -> None:
        """Answers every order that much later from now on."""
        self._ask("POST", f"/delay/{milliseconds}")

    def arrivals(self) -> list[tuple[str, float]]:
        """Number and time of each order since the last question, oldest first."""
        return [(to, at) for to, at in self._ask("GET", "/arrivals")]

    def _ask(self, method: str, path: str) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port)) as link:
            link.request(method, path)
            content = link.getresponse().read()
        return json.loads(content) if content else None


def _database(env: dict[str, str], username: str, password: str) -> None:
    """A new database for the new project."""
    from django.db import connection

    from tests.bench.bare.settings import DATABASE

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    names = ("--username", username, "--email", f"{username}@example.com")
    for command in (("migrate",), ("createsuperuser", "--noinput", *names)):
        subprocess.run(
            [sys.executable, "-m", "django", *command],
            check=True,
            capture_output=True,
            env=os.environ | env | {"DJANGO_SUPERUSER_PASSWORD": password},
        )


def _granian(port: int, target: str, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error"),
        *("--workers", WEB_WORKERS, "--blocking-threads", WEB_THREADS),
        *more,
        target,
    ]


def _warm(port: int, path: str) -> None:
    """Every thread of every worker has loaded what it needs; a worker may come up late."""

    def page() -> bool:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as link:
            try:
                link.request("GET", path)
                response = link.getresponse()
                response.read()
            except OSError:
                return False
        if response.status != 200:
            raise RuntimeError(f"{path} on a fresh server: {response.status}")
        return True

    wait_until(page, path)
    for _ in range(3 * int(WEB_WORKERS) * int(WEB_THREADS)):
        page()


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    """Returns once ``condition`` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds:g} s for {what}")
        time.sleep(0.01)


def crowd(number: int, work: Callable[[int], Any]) -> list[Any]:
    """``work(place)`` in ``number`` processes at once; their results in order of place.

    Processes, not threads: the clients must not wait for each other's interpreter.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(number), context.SimpleQueue()

    def run(place: int) -> None:
        # Neither the exit handlers nor the buffers of the parent are the child's to run.
        try:
            start.wait(30)
            results.put((place, work(place), None))
        except BaseException as error:
            results.put((place, None, f"{type(error).__name__}: {error}"))
        finally:
            os._exit(0)

    processes = [context.Process(target=run, args=(place,)) for place in range(number)]
    for process in processes:
        process.start()
    found = sorted((results.get() for _ in processes), key=lambda result: result[0])
    for process in processes:
        process.join()
    for _place, _result, error in found:
        if error:
            raise RuntimeError(error)
    return [result for _place, result, _error in found]
