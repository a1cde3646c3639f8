"""The way of a call: queued, initiated, ringing, answered, completed.

Each step takes 200 ms, or the handset's ``delay_ms``. A handset rings as long as the order's
Timeout, then ``no-answer``; declined is ``busy``; one that is not reachable never rings: the call
is ``failed``. Voicemail answers by itself after four seconds of ringing, hears whatever is said
and presses nothing.
"""

import threading

from portal.emulator import callbacks, formats
from portal.emulator.carrier import step_seconds
from portal.emulator.clock import clock
from portal.emulator.conversation import Conversation
from portal.emulator.state import Call, store

VOICEMAIL_RINGS = 4


def place(call: Call) -> None:
    """Stores it and dials."""
    store.keep_call(call)
    clock.later(step_seconds(store.handset(call.to)), lambda: _dial(call))


def _dial(call: Call) -> None:
    with store.lock:
        if call.status != "queued":
            return
        callbacks.tell_call(call, "initiated", "initiated")
        handset = store.handset(call.to)
        proceed = _ring if handset.reachable else _fail
    clock.later(step_seconds(handset), lambda: proceed(call))


def _fail(call: Call) -> None:
    with store.lock:
        if call.status == "queued":
            end(call, "failed")


def _ring(call: Call) -> None:
    with store.lock:
        if call.status != "queued":
            return
        _change(call, "ringing")
        callbacks.tell_call(call, "ringing", "ringing")
        voicemail = store.handset(call.to).voicemail
    clock.later(call.ring_seconds, lambda: _ring_out(call))
    if voicemail:
        clock.later(min(VOICEMAIL_RINGS, call.ring_seconds), lambda: answer(call))


def _ring_out(call: Call) -> None:
    with store.lock:
        if call.status == "ringing":
            end(call, "no-answer")


def answer(call: Call) -> bool:
    """Somebody takes the call; False when it does not ring."""
    with store.lock:
        if call.status != "ringing":
            return False
        call.started = formats.now()
        _change(call, "in-progress")
        callbacks.tell_call(call, "answered", "in-progress")
    threading.Thread(target=_talk, args=(call,), name=call.sid, daemon=True).start()
    return True


def decline(call: Call) -> bool:
    """The person refuses the call; False when it does not ring."""
    with store.lock:
        if call.status != "ringing":
            return False
        end(call, "busy")
        return True


def hang_up(call: Call) -> bool:
    """Either side ends the talk; False when there is none."""
    with store.lock:
        if call.status != "in-progress":
            return False
        end(call, "completed")
        return True


def cancel(call: Call) -> bool:
    """The customer takes a call back that nobody has answered; False when it is too late."""
    with store.lock:
        if call.status not in {"queued", "ringing"}:
            return False
        end(call, "canceled")
        return True


def press(call: Call, keys: str) -> bool:
    """Keys of the person. They wait for the next Gather, unlike at Twilio, where early ones are
    lost: a test that presses at once must not fail by a few milliseconds.
    """
    with store.lock:
        if call.status != "in-progress":
            return False
        call.keys += keys
        call.pressed += keys
        store.lock.notify_all()
        return True


def end(call: Call, status: str) -> None:
    """The call is over; the lock is held by the caller."""
    call.ended = formats.now()
    _change(call, status)
    if call.sid in store.calls:
        callbacks.tell_call(call, "completed", status)


def _talk(call: Call) -> None:
    Conversation(call).run()
    hang_up(call)


def _change(call: Call, status: str) -> None:
    call.status = status
    call.updated = formats.now()
    store.lock.notify_all()
