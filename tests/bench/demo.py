"""How long ``make demo`` takes from a warm installation to ``ready``."""

import os
import subprocess
import sys
import tempfile
import time

from portal.supervise import die_with_parent
from tests.bench.report import median
from tests.bench.rounds import Run
from tests.emulator_process import ROOT, free_port

_OURS = ("PORTAL_", "TWILIO_", "EMAIL_", "DATABASE_", "REDIS_", "SENDS_", "SIGN_INS_", "PUBLIC_")
STARTS = 3


def measure(run: Run) -> None:
    """Once to make its database, then as somebody starts it every day."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        taken = [_seconds_to_ready(env | {"DEMO_DIR": folder}) for _ in range(STARTS)]
    run.report.note("demo_ready", median(taken[1:]), must=8, unit="s")


def _seconds_to_ready(env: dict[str, str]) -> float:
    ports = {name: str(free_port()) for name in ("PORT", "EMULATOR_PORT", "SMTP_PORT")}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo"],
        cwd=ROOT,
        env=env | ports,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent,  # noqa: PLW1509
        text=True,
    )
    try:
        if not process.stdout.readline().startswith("ready:"):
            raise RuntimeError("the demo did not come up")
        return time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
