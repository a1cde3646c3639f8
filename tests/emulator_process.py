"""The emulator as a process of its own, for tests, journeys and benchmarks.

``with start() as emulator:`` gives ``base_url`` and ``smtp_port``; without ports it takes free
ones. Further arguments go into its environment: ``EMULATOR_SPEED`` divides all its times.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Self

from portal.supervise import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30
TRIES = 3


class DidNotStart(RuntimeError):
    """The process ended, or did not answer in time."""


class Emulator:
    """A running emulator."""

    def __init__(self, process: subprocess.Popen, port: int, smtp_port: int) -> None:
        self.process = process
        self.port = port
        self.smtp_port = smtp_port
        self.base_url = f"http://localhost:{port}"

    def stop(self) -> None:
        """Ends it; a second time does nothing."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port() -> int:
    """A port that nothing listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int | None = None, smtp_port: int | None = None, **env: str) -> Emulator:
    """Starts it and returns when it answers.

    A port that somebody else took since it was found free is exchanged for another.
    """
    for _ in range(TRIES - 1 if port is None and smtp_port is None else 0):
        with contextlib.suppress(DidNotStart):
            return _started(free_port(), free_port(), **env)
    return _started(port or free_port(), smtp_port or free_port(), **env)


def _started(port: int, smtp_port: int, **env: str) -> Emulator:
    process = launch(EMULATOR_PORT=str(port), SMTP_PORT=str(smtp_port), **env)
    emulator = Emulator(process, port, smtp_port)
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            emulator.stop()
            raise DidNotStart(f"the emulator did not start: exit {process.returncode}")
        time.sleep(0.02)
    return emulator


def launch(**env: str) -> subprocess.Popen:
    """Starts the process without waiting for it; it speaks on the streams of this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "portal.emulator"],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        # It would outlive a killed test run otherwise.
        preexec_fn=die_with_parent,  # noqa: PLW1509
    )


def until(condition: Callable[[], object], seconds: float = 10) -> object:
    """The first true value of ``condition``; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
    return value


def answers(port: int) -> bool:
    """Whether an emulator answers there."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as link:
        try:
            link.request("GET", "/control/faults")
            return link.getresponse().status == 200
        except OSError:
            return False
