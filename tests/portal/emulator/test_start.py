"""Where the emulator refuses to run."""

import os
import subprocess
import sys
from contextlib import closing

import pytest
import requests

from tests import emulator_process


def refusal(**env: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "portal.emulator"],
        env=os.environ | env,
        cwd=emulator_process.ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    return line


def test_is_refused_in_production():
    assert "refused in production" in refusal(PORTAL_PROFILE="production")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_listens_on_loopback_only(host):
    assert "loopback" in refusal(EMULATOR_HOST=host)


@pytest.mark.parametrize("name", ["EMULATOR_PORT", "SMTP_PORT"])
def test_a_taken_port_is_one_line(name):
    ports = {
        "EMULATOR_PORT": str(emulator_process.free_port()),
        "SMTP_PORT": str(emulator_process.free_port()),
    }
    with closing(emulator_process.socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        assert f"{name} {port}" in refusal(**ports | {name: port})


@pytest.mark.parametrize(
    "env", [{"EMULATOR_SPEED": "fast"}, {"SMTP_PORT": "0"}, {"EMULATOR_PORT": "65536"}]
)
def test_an_odd_value_is_named(env):
    assert next(iter(env)) in refusal(**env)


def test_stops_at_once_with_a_connection_open():
    with emulator_process.start() as emulator, requests.Session() as session:
        assert session.get(f"{emulator.base_url}/phone/").status_code == 200
        emulator.stop()
        assert emulator.process.returncode == 0


def test_runs_under_another_server(http):
    port, smtp_port = emulator_process.free_port(), emulator_process.free_port()
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-log"]
    process = subprocess.Popen(
        [*granian, "--port", str(port), "portal.emulator.wsgi:application"],
        cwd=emulator_process.ROOT,
        env=os.environ | {"EMULATOR_PORT": str(port), "SMTP_PORT": str(smtp_port)},
    )
    emulator = emulator_process.Emulator(process, port, smtp_port)
    with emulator:
        emulator_process.until(lambda: emulator_process.answers(port), 30)
        fault = {"on": "messages", "fault": "reset"}
        http.post(f"{emulator.base_url}/control/faults", data=fault)
        account = "AC00000000000000000000000000000001"
        url = f"{emulator.base_url}/2010-04-01/Accounts/{account}/Messages.json"
        with pytest.raises(requests.exceptions.RequestException):
            http.post(url, data={}, auth=(account, "emulator_auth_token"), timeout=10)
