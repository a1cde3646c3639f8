"""A pseudo-terminal in which ``manage.py tws`` runs, and somebody who reads and types there."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


def _has_the_terminal() -> None:
    """Of the command, so that a password is asked for there and Ctrl-C reaches it: what a shell
    starts in the background is deaf to it, and so is all that it starts."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """``arguments`` are those of the command; ``shown`` is everything that it has written."""

    def __init__(self, *arguments: str, **env: str) -> None:
        self.shown, self._read = "", 0
        self._screen, far = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "tws", *arguments],
            cwd=ROOT,
            env=os.environ | env,
            stdin=far,
            stdout=far,
            stderr=far,
            start_new_session=True,
            preexec_fn=_has_the_terminal,  # noqa: PLW1509
        )
        os.close(far)

    def sees(self, pattern: str) -> re.Match[str]:
        """Waits until ``pattern`` appears behind what was seen before."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.shown[self._read :])):
            if not self._more(end - time.monotonic()):
                raise AssertionError(f"no {pattern!r} in:\n{self.shown[self._read :]}")
        self._read += found.end()
        return found

    def types(self, text: str) -> None:
        """A line."""
        os.write(self._screen, f"{text}\n".encode())

    def presses_ctrl_c(self) -> None:
        os.write(self._screen, b"\x03")

    def ends_with(self, code: int) -> None:
        """Waits for the end of the command."""
        while self._more(PATIENCE):
            pass
        assert self.process.wait(PATIENCE) == code, self.shown

    def _more(self, seconds: float) -> bool:
        if seconds <= 0 or not select.select([self._screen], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._screen, 4096)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._screen)
