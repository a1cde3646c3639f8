"""Children start in order, are watched, and go down together."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal import supervise
from portal.supervise import EmbeddedValkey, Failed, Supervisor
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import signal; signal.pause()"]
DEAF = (
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "open(sys.argv[1], 'w').close(); signal.pause()"
)


@pytest.fixture
def supervisor():
    made = Supervisor()
    yield made
    made.stop()


def pids(supervisor):
    return [process.pid for _name, process in supervisor._children]


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_says_which_child_ended_and_how(supervisor):
    supervisor.start("the good one", SLEEP)
    supervisor.start("the bad one", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(Failed, match="the bad one ended with status 3"):
        supervisor.watch()


def test_does_not_wait_for_what_has_died(supervisor):
    supervisor.start("it", [sys.executable, "-c", ""])
    with pytest.raises(Failed, match="it ended"):
        supervisor.wait_for("it", lambda: False, 30)


def test_gives_up_on_what_never_answers(supervisor):
    supervisor.start("it", SLEEP)
    with pytest.raises(Failed, match="it did not answer"):
        supervisor.wait_for("it", lambda: False, 0.1)


def test_stops_every_child(supervisor):
    supervisor.start("one", SLEEP)
    supervisor.start("two", SLEEP)
    started = pids(supervisor)
    supervisor.stop()
    assert all(gone(pid) for pid in started)


def test_stops_in_reverse_order(supervisor, tmp_path):
    program = (
        "import os, signal, sys\n"
        "def end(*_):\n"
        "    with open(sys.argv[1], 'a') as log: log.write(sys.argv[2])\n"
        "    raise SystemExit\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "open(sys.argv[1] + sys.argv[2], 'w').close()\n"
        "signal.pause()\n"
    )
    log = tmp_path / "log"
    for name in "abc":
        supervisor.start(name, [sys.executable, "-c", program, str(log), name])
        wait_until((tmp_path / f"log{name}").exists)
    supervisor.stop()
    assert log.read_text() == "cba"


def test_kills_what_does_not_listen(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "STOP_SECONDS", 0.2)
    supervisor.start("stubborn", [sys.executable, "-c", DEAF, str(tmp_path / "up")])
    wait_until((tmp_path / "up").exists)
    (pid,) = pids(supervisor)
    supervisor.stop()
    assert gone(pid)


def test_takes_grandchildren_down(supervisor, tmp_path):
    program = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen({SLEEP!r})\n"
        "with open(sys.argv[1], 'w') as out: out.write(str(child.pid))\n"
    )
    note = tmp_path / "pid"
    supervisor.start("parent", [sys.executable, "-c", program, str(note)])
    grandchild = int(wait_until(lambda: note.exists() and note.read_text()))
    supervisor.stop()
    # An orphan is reaped by init, or stays a zombie where there is none.
    wait_until(lambda: gone(grandchild) or "Z" in Path(f"/proc/{grandchild}/stat").read_text())


def test_children_die_with_a_killed_supervisor():
    program = (
        "import signal\n"
        "from portal.supervise import Supervisor\n"
        "supervisor = Supervisor()\n"
        f"supervisor.start('child', {SLEEP!r})\n"
        "print(supervisor._children[0][1].pid, flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        child = int(process.stdout.readline())
        process.kill()
    wait_until(lambda: gone(child) or "Z" in Path(f"/proc/{child}/stat").read_text())


def test_sees_a_taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not supervise.port_is_free(port)
    assert supervise.port_is_free(port)


def test_the_embedded_broker_answers_on_its_socket_only(supervisor):
    valkey = EmbeddedValkey()
    supervisor.start("valkey", valkey.command)
    supervisor.wait_for("valkey", valkey.is_up, 10)
    assert valkey.socket.stat().st_mode & 0o777 == 0o700
    supervisor.stop()
    valkey.remove()
    assert not valkey.socket.parent.exists()


def test_the_path_of_the_socket_stays_short(monkeypatch, tmp_path):
    folder = tmp_path / ("x" * 90)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    valkey = EmbeddedValkey()
    assert len(os.fsencode(valkey.socket)) <= supervise.SOCKET_PATH_MOST
    valkey.remove()


def test_stopping_what_has_ended_is_no_error(supervisor):
    supervisor.start("it", [sys.executable, "-c", ""])
    wait_until(lambda: supervise._status(supervisor._children[0][1]) is not None)
    supervisor.stop()
