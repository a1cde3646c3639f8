"""``make demo``: one line when everything answers, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("PORT", "EMULATOR_PORT", "SMTP_PORT")


def free_ports() -> dict[str, str]:
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in NAMES]
    ports = {name: str(s.getsockname()[1]) for name, s in zip(NAMES, servers, strict=True)}
    for server in servers:
        server.close()
    return ports


@contextmanager
def demo(folder: Path, **variables: str) -> Iterator[subprocess.Popen]:
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo"],
        cwd=ROOT,
        env={**base, "DEMO_DIR": str(folder), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def processes_of(folder: Path) -> list[str]:
    """Command lines of the running processes that carry ``folder`` in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"DEMO_DIR={folder}\0".encode() in (entry / "environ").read_bytes() + b"\0":
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_starts_answers_and_leaves_nothing_behind(tmp_path):
    ports = free_ports()
    with demo(tmp_path, **ports) as process:
        line = process.stdout.readline()
        assert line == (
            f"ready: portal http://localhost:{ports['PORT']}"
            f"  phone http://localhost:{ports['EMULATOR_PORT']}\n"
        )
        with urllib.request.urlopen(f"http://localhost:{ports['PORT']}/readyz") as response:
            assert response.status == 200
        assert len(processes_of(tmp_path)) >= 5
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")
    assert processes_of(tmp_path) == []
    assert not (tmp_path / "redis.url").exists()


def test_the_end_of_one_part_is_the_end_of_all(tmp_path):
    with demo(tmp_path, **free_ports()) as process:
        process.stdout.readline()
        os.kill(child_of(process.pid, "portal.emulator"), signal.SIGKILL)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "demo: emulator ended" in errors
    assert processes_of(tmp_path) == []


def test_a_killed_supervisor_takes_all_with_it(tmp_path):
    with demo(tmp_path, **free_ports()) as process:
        process.stdout.readline()
        process.kill()
        process.wait()
        wait_until(lambda: processes_of(tmp_path) == [], seconds=15)


def child_of(parent: int, name: str) -> int:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = (entry / "stat").read_text().rpartition(")")[2].split()[1] == str(parent)
            if ours and name in (entry / "cmdline").read_text():
                return int(entry.name)
        except OSError:
            continue
    raise AssertionError(f"no {name} under {parent}")


@pytest.mark.parametrize("name", NAMES)
def test_a_taken_port_is_one_clear_line(tmp_path, name):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = str(server.getsockname()[1])
        begun = time.monotonic()
        with demo(tmp_path, **free_ports() | {name: taken}) as process:
            out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert errors.startswith(f"demo: port {taken} is taken; choose another, for example {name}=")
    assert errors.count("\n") == 1
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT is not a whole number"),
        ({"PORTAL_PROFILE": "production"}, "does not run with PORTAL_PROFILE=production"),
    ],
)
def test_odd_settings_are_one_clear_line(tmp_path, variables, sentence):
    with demo(tmp_path, **free_ports() | variables) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert sentence in errors
    assert errors.count("\n") == 1
