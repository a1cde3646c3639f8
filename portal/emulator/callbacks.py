"""Status callbacks: what Twilio tells the customer of a message or call.

Those of one resource leave one after the other, so that only ``reordered_callbacks`` changes
their order; those of different resources do not wait for each other.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.emulator import formats, web
from portal.emulator.accounts import AUTH_TOKEN
from portal.emulator.clock import clock
from portal.emulator.faults import CALLBACKS, Fault, faults
from portal.emulator.state import Call, Message, store

API_VERSION = "2010-04-01"
HELD_SECONDS = 2


@dataclass(frozen=True)
class Callback:
    """One request that is to be made; ``about`` is the sid of its resource."""

    about: str
    url: str
    method: str
    params: Mapping[str, str]
    token: str = AUTH_TOKEN
    copies: int = 1
    idempotency: str = field(default_factory=lambda: formats.new_sid("")[:32])

    def post(self) -> None:
        """Makes the request, with retries, and writes what came of it into the log."""
        headers = {"I-Twilio-Idempotency-Token": self.idempotency}
        for _ in range(self.copies):
            outcome = web.send_patiently(self.url, self.method, self.params, headers, self.token)
            answered = isinstance(outcome, web.Answer)
            row = {
                "at": formats.rfc3339(formats.now()),
                "url": self.url,
                "params": dict(self.params),
                "forged": self.token != AUTH_TOKEN,
                "answer": outcome.status if answered else str(outcome),
            }
            with store.lock:
                store.callbacks.append(row)
                store.lock.notify_all()


class Post:
    """Queues of callbacks, one for each resource."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: defaultdict[str, deque[Callback]] = defaultdict(deque)
        self._held: dict[str, Callback] = {}

    def add(self, callback: Callback) -> None:
        """Sends it after those of the same resource that wait already, then one held back."""
        with self._lock:
            is_idle = callback.about not in self._queues
            self._queues[callback.about].append(callback)
            if held := self._held.pop(callback.about, None):
                self._queues[callback.about].append(held)
        if is_idle:
            clock.soon(lambda: self._work(callback.about))

    def hold(self, callback: Callback) -> None:
        """Keeps it until the next of its resource has gone, at most for two seconds."""
        with self._lock:
            is_first = self._held.setdefault(callback.about, callback) is callback
        if not is_first:
            self.add(callback)
            return
        clock.later(HELD_SECONDS, lambda: self._release(callback))

    def _release(self, callback: Callback) -> None:
        with self._lock:
            if self._held.get(callback.about) is not callback:
                return
            del self._held[callback.about]
        self.add(callback)

    def _work(self, about: str) -> None:
        while True:
            with self._lock:
                if not self._queues[about]:
                    del self._queues[about]
                    return
                callback = self._queues[about].popleft()
            callback.post()


post = Post()


def tell_message(message: Message) -> None:
    """Posts the message's present status. Neither the first status nor the text is ever told."""
    if not message.hook.url:
        return
    params = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender or "",
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.service_sid:
        params["MessagingServiceSid"] = message.service_sid
    if message.error_code:
        params["ErrorCode"] = str(message.error_code)
        params["ErrorMessage"] = message.error_message or ""
    if message.status in {"delivered", "undelivered"}:
        params["RawDlrDoneDate"] = formats.now().strftime("%y%m%d%H%M")
    _tell("messages", message.to, Callback(message.sid, message.hook.url, "POST", params))


def tell_call(call: Call, event: str, status: str) -> None:
    """Posts ``status`` if the customer subscribed to ``event``."""
    if not call.hook.url or event not in call.hook.events:
        return
    params = call_params(call, status) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
        "Timestamp": formats.rfc2822(formats.now()) or "",
    }
    call.sequence += 1
    if event == "completed":
        minutes = -(-call.seconds // 60)
        params |= {"CallDuration": str(call.seconds), "Duration": str(minutes)}
        params["SipResponseCode"] = {"busy": "486", "failed": "480", "no-answer": "487"}.get(
            status, "200"
        )
    _tell("calls", call.to, Callback(call.sid, call.hook.url, call.hook.method, params))


def call_params(call: Call, status: str) -> dict[str, str]:
    """What every request about a call carries."""
    params = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": status,
        "Called": call.to,
        "Caller": call.sender,
        "Direction": "outbound-api",
        "From": call.sender,
        "To": call.to,
    }
    for end, number in (("To", call.to), ("Called", call.to)):
        params |= {f"{end}City": "", f"{end}State": "", f"{end}Zip": ""}
        params[f"{end}Country"] = formats.country(number)
    return params


def _tell(kind: str, to: str, callback: Callback) -> None:
    fault = faults.take(("callbacks", kind), to, CALLBACKS)
    match fault:
        case None:
            post.add(callback)
        case Fault(fault="no_callback"):
            pass
        case Fault(fault="late_callback"):
            clock.later(fault.ms / 1000 * clock.speed, lambda: post.add(callback))
        case Fault(fault="reordered_callbacks"):
            post.hold(callback)
        case Fault(fault="duplicate_callback"):
            post.add(replace(callback, copies=2))
        case Fault(fault="forged_callback"):
            post.add(replace(callback, token="not_the_token_of_the_account"))  # noqa: S106
