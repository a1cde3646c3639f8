import time
from dataclasses import dataclass

from django_otp.oath import hotp

from accounts import codes
from accounts.vault import CannotOpen
from sls.methods.authenticator_app import rules
from sls.methods.authenticator_app.models import AppDevice

NONE = -1


@dataclass(frozen=True, slots=True)
class Match:
    """The time step whose code was typed, ``NONE`` if none; and the drift to remember then."""

    step: int = NONE
    drift: int = 0


def match(device: AppDevice, digits: str) -> Match:
    """Compares ``digits`` with the code of every step in the window of ``device``."""
    try:
        seed = device.open_seed()
    except CannotOpen:
        return Match()
    now = rules.step_at(time.time())
    steps = rules.window(now, device.drift)
    found = max(
        (step for step in steps if codes.same(f"{hotp(seed, step):06d}", digits)), default=NONE
    )
    if found == NONE:
        return Match()
    drift = rules.recentred(device.drift, before=_off_before(device), off=found - now)
    return Match(found, drift)


def _off_before(device: AppDevice) -> int:
    """How many steps off the last accepted code was; with none so far, as expected."""
    if device.last_used_at is None or device.last_step == NONE:
        return device.drift
    return device.last_step - rules.step_at(device.last_used_at.timestamp())
