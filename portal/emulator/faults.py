"""Failures on demand: the next ``times`` matching events go wrong in the named way.

``on`` is what breaks: ``messages`` and ``calls`` are the creating requests of the API, ``lookups``
the questions about a number, ``smtp`` the mail server, ``callbacks`` the status callbacks of
messages and calls. A callback fault may also be set on ``messages`` or ``calls`` and then concerns
the callbacks of these. ``to`` restricts a fault to one number or address; without it every one
matches.

==================== ===============================================================================
http_429, _500, _503 refused with Twilio's envelope; nothing is stored (SMTP: 450, 554, 421)
timeout              nothing is stored; silence for 30 s, then the connection is reset
reset                nothing is stored; the connection is reset
accept_then_reset    stored and carried out; the connection is reset before the answer
accept_then_500      the same, answered with 500
accept_then_timeout  the same, with 30 s of silence and a reset
delay                carried out and answered as usual after ``ms`` milliseconds (default 5000)
no_callback          the callback never comes
late_callback        it comes after ``ms`` milliseconds (default 5000)
duplicate_callback   it comes twice, with the same I-Twilio-Idempotency-Token
reordered_callbacks  it comes after the next one of the same message or call, at most 2 s later
forged_callback      it comes signed with a token that is not the account's
not_enabled          the account may not use the packages of a lookup (60606 in each)
other_number         a lookup is answered about another number
==================== ===============================================================================

``times`` defaults to 1; ``retry_after`` (seconds) adds the header to the http faults.
"""

import threading
import time
from dataclasses import asdict, dataclass

from django.http import HttpRequest, JsonResponse

from portal.emulator import bodies
from portal.emulator.bodies import Turned
from portal.emulator.state import store

HTTP = {"http_429": 20429, "http_500": 20500, "http_503": 20503}
ANSWERS = frozenset({*HTTP, "timeout", "reset", "accept_then_reset"})
ANSWERS |= {"accept_then_500", "accept_then_timeout"}
DELAY = frozenset({"delay"})
CALLBACKS = frozenset({"no_callback", "late_callback", "duplicate_callback"})
CALLBACKS |= {"reordered_callbacks", "forged_callback"}
LOOKUPS = frozenset({*HTTP, *DELAY, "timeout", "reset", "not_enabled", "other_number"})
ALLOWED = {
    "messages": ANSWERS | DELAY | CALLBACKS,
    "calls": ANSWERS | DELAY | CALLBACKS,
    "lookups": LOOKUPS,
    "callbacks": CALLBACKS,
    "smtp": ANSWERS | DELAY,
}
DELAY_MS = 5000


@dataclass
class Fault:
    """One order to fail; ``times`` is what is left of it."""

    on: str
    fault: str
    times: int = 1
    to: str = ""
    ms: int = DELAY_MS
    retry_after: int | None = None


class Faults:
    """The orders that are not used up, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []
        self._released = threading.Event()

    def add(self, fault: Fault) -> None:
        """Appends an order."""
        with self._lock:
            self._orders.append(fault)

    def take(self, on: str | tuple[str, ...], to: str, among: frozenset[str]) -> Fault | None:
        """The first matching order; one of its times is used up."""
        places = (on,) if isinstance(on, str) else on
        with self._lock:
            for fault in self._orders:
                fits = fault.on in places and fault.fault in among and fault.to in ("", to)
                if fits:
                    fault.times -= 1
                    if not fault.times:
                        self._orders.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Forgets all orders and lets go of the connections that ``hold`` keeps."""
        with self._lock:
            self._orders.clear()
            released, self._released = self._released, threading.Event()
        released.set()

    def hold(self, seconds: float) -> None:
        """Keeps the caller waiting, until ``clear`` at the latest."""
        with self._lock:
            released = self._released
        released.wait(seconds)

    def delay(self, on: str, to: str) -> None:
        """Waits as long as a ``delay`` says; independent of the other faults."""
        if fault := self.take(on, to, DELAY):
            time.sleep(fault.ms / 1000)

    def listed(self) -> list[dict[str, object]]:
        """What ``GET /control/faults`` shows."""
        with self._lock:
            return [asdict(fault) for fault in self._orders]


faults = Faults()


@bodies.door("GET", "POST", "DELETE")
def orders(request: HttpRequest) -> JsonResponse | None:
    """``/control/faults``."""
    if request.method == "GET":
        return JsonResponse({"faults": faults.listed()})
    if request.method == "DELETE":
        faults.clear()
    else:
        faults.add(_read(bodies.fields(request)))
    return None


@bodies.door("POST")
def reset(request: HttpRequest) -> None:
    """``/control/reset``: no rows, no profiles, no faults."""
    faults.clear()
    store.reset()


@bodies.door("GET")
def callbacks(request: HttpRequest) -> JsonResponse:
    """``/control/callbacks``: what was posted to the portal and what it answered, newest first."""
    with store.lock:
        rows = list(store.callbacks)
    return JsonResponse({"callbacks": rows[::-1]})


def _read(body: dict[str, object]) -> Fault:
    if unknown := body.keys() - Fault.__dataclass_fields__.keys():
        raise Turned(400, f"Unknown field: {', '.join(sorted(unknown))}.")
    on = bodies.text(body.get("on"), "on")
    name = bodies.text(body.get("fault"), "fault")
    if name not in ALLOWED.get(on, ()):
        raise Turned(400, f"There is no fault {name} on {on}.")
    fault = Fault(on, name)
    if body.get("times") not in (None, ""):
        fault.times = bodies.whole(body["times"], "times", least=1, most=1_000_000)
    if body.get("to"):
        fault.to = bodies.text(body["to"], "to").replace(" ", "+")
    if body.get("ms") not in (None, ""):
        fault.ms = bodies.whole(body["ms"], "ms", least=0, most=600_000)
    if body.get("retry_after") not in (None, ""):
        fault.retry_after = bodies.whole(body["retry_after"], "retry_after", least=0, most=3600)
    return fault
