"""What the environment says; an odd value or an unsafe place stops the start with one line."""

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Where the emulator listens, how fast its time runs, and whom it calls.

    ``speed`` divides every duration except time-outs of HTTP: 20 makes a status step of 200 ms
    take 10 ms and a telephone that rings for 25 s give up after 1.25 s. ``hold`` is how long the
    fault ``timeout`` keeps a connection open; it is not divided.
    """

    host: str
    port: int
    smtp_port: int
    speed: float
    step: float
    hold: float
    inbound_url: str
    demo_dir: Path


def read() -> Config:
    """The configuration; exits with one clear line when the emulator must not run here."""
    if os.environ.get("PORTAL_PROFILE", "").strip() == "production":
        raise SystemExit("The emulator shows security codes to anybody: refused in production.")
    host = os.environ.get("EMULATOR_HOST", "").strip() or "127.0.0.1"
    if not is_loopback(host):
        raise SystemExit(f"EMULATOR_HOST must be a loopback address, not {host!r}.")
    portal = int(_number("PORT", 8000, 1, 65535))
    return Config(
        host="127.0.0.1" if host == "localhost" else host,
        port=int(_number("EMULATOR_PORT", 8010, 1, 65535)),
        smtp_port=int(_number("SMTP_PORT", 8025, 1, 65535)),
        speed=_number("EMULATOR_SPEED", 1, 0.1, 1000),
        step=_number("EMULATOR_STEP_MS", 200, 0, 60_000) / 1000,
        hold=_number("EMULATOR_HOLD", 30, 0, 600),
        inbound_url=os.environ.get("EMULATOR_INBOUND_URL", "").strip()
        or f"http://localhost:{portal}/twilio/inbound/",
        demo_dir=Path(os.environ.get("DEMO_DIR", "").strip() or ".demo"),
    )


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a literal address or ``localhost``) reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(name: str, default: float, least: float, most: float) -> float:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SystemExit(f"{name} is not a number from {least} to {most}: {value!r}.")
    return number
