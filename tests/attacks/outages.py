"""Ways to take a server away from the portal for a while: really, not by a mock."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.conf import settings
from django.db import connection

from portal import servers
from portal.celery import app
from portal.supervise import EmbeddedValkey, die_with_parent
from tests.waiting import wait_until

IMPATIENT = 0.2  # seconds; production waits ten times as long


class Valkey:
    """A Valkey of its own that can be killed, stopped in its tracks, and come back empty."""

    def __init__(self) -> None:
        self._server = EmbeddedValkey()
        self.url = self._server.url
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._server.command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )
        wait_until(self._server.is_up)

    def take_away(self, how: str) -> None:
        """``killed`` refuses connections; ``stopped`` accepts them and never answers."""
        os.kill(self._process.pid, signal.SIGKILL if how == "killed" else signal.SIGSTOP)
        if how == "killed":
            self._process.wait()

    def bring_back(self) -> None:
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGCONT)
        else:
            self.start()

    def remove(self) -> None:
        self._process.kill()
        self._process.wait()
        self._server.remove()


def caches_on(url: str) -> dict:
    """``CACHES`` with this server and little patience."""
    return {
        name: {
            **cache,
            "LOCATION": servers.redis_database(url, place),
            "OPTIONS": {**cache["OPTIONS"], "socket_timeout": IMPATIENT},
        }
        for place, (name, cache) in enumerate(settings.CACHES.items(), 1)
    }


def broker_on(url: str, monkeypatch) -> None:
    """Celery publishes to this server, with little patience, until the test ends."""
    monkeypatch.setitem(app.conf, "broker_url", servers.celery_broker(url))
    options = {**app.conf.broker_transport_options, "socket_timeout": IMPATIENT}
    monkeypatch.setitem(app.conf, "broker_transport_options", options)
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@contextmanager
def black_hole() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        yield deaf.getsockname()[1]


def dead_port() -> int:
    """A port that refuses connections."""
    with black_hole() as port:
        return port


class DatabaseGone:
    """Cuts this thread's connection after ``statements`` further ones; see ``cut``."""

    def __init__(self, statements: int) -> None:
        self.left, self.is_cut = statements, False

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            self._cut()
        self.left -= 1
        result = execute(sql, params, many, context)
        if self.left == 0:
            self._cut()
        return result

    def _cut(self) -> None:
        """The server ends the connection; what follows, COMMIT included, fails."""
        if self.is_cut:
            return
        self.is_cut = True
        pid = connection.connection.info.backend_pid
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
            alive = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
            wait_until(lambda: other.execute(alive, [pid]).fetchone() == (0,))


@contextmanager
def database_gone_after(statements: int) -> Iterator[DatabaseGone]:
    """The database goes away in the middle of the block and is back behind it."""
    outage = DatabaseGone(statements)
    try:
        with connection.execute_wrapper(outage):
            yield outage
    finally:
        connection.close()


@contextmanager
def database_at(**place: object) -> Iterator[None]:
    """New connections of this thread go to another place."""
    kept = {**connection.settings_dict}
    connection.close()
    options = place.pop("OPTIONS", {})
    connection.settings_dict |= place | {"OPTIONS": {**kept["OPTIONS"], **options}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
