"""The telephones: what arrives on each, and what the person who holds it does."""

import json
import re
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from portal.emulator import bodies, caller, carrier, formats
from portal.emulator.accounts import SENDER
from portal.emulator.bodies import Turned
from portal.emulator.state import Call, Handset, Message, store

KEYS = re.compile(r"[0-9*#]{1,32}")
KEYPAD = [
    *[("1", ""), ("2", "abc"), ("3", "def"), ("4", "ghi"), ("5", "jkl"), ("6", "mno")],
    *[("7", "pqrs"), ("8", "tuv"), ("9", "wxyz"), ("*", ""), ("0", "+"), ("#", "")],
]
FLAGS = ("reachable", "sms_capable", "landline", "opted_out", "voicemail")
DELAY_MOST = 600_000
# The page shows the last of a long talk; the JSON has all of it.
SHOWN_MOST = 60


def context(request: HttpRequest) -> dict[str, object]:
    """For every page of the emulator."""
    return {"spaced_sender": formats.spaced(SENDER), "place": request.path.split("/")[1]}


@bodies.door("GET", "HEAD")
def handsets(request: HttpRequest) -> HttpResponse:
    """``/phone/``: every telephone with the last thing that happened; ``?number=`` opens one."""
    if wanted := re.sub(r"[\s()-]", "", request.GET.get("number", "")):
        # A form writes a typed plus as %2B, a hand-made link may not.
        return HttpResponseRedirect(f"/phone/+{wanted.removeprefix('+')}/")
    rows = [_summary(number, name) for number, name in _known().items()]
    rows.sort(key=lambda row: row["at"] or "", reverse=True)
    return render(request, "emulator/handsets.html", {"handsets": rows})


@bodies.door("GET", "HEAD")
def handset(request: HttpRequest, number: str) -> HttpResponse:
    """``/phone/<E.164>/``: the telephone itself. Any number has one."""
    return render(request, "emulator/handset.html", _telephone(number))


@bodies.door("GET", "POST")
def messages(request: HttpRequest, number: str) -> JsonResponse | None:
    """The thread, newest first; POST ``body`` writes to the sender, as STOP, START or HELP do."""
    if request.method == "POST":
        body = bodies.text(bodies.fields(request).get("body"), "body", most=1600)
        carrier.from_handset(number, body)
        return None
    return JsonResponse({"messages": [_message(row) for row in store.messages_of(number)]})


@bodies.door("GET")
def calls(request: HttpRequest, number: str) -> JsonResponse:
    """The calls, newest first; ``spoken`` has one entry for each Say."""
    with store.lock:
        rows = [_call(row) for row in store.calls_of(number)]
    return JsonResponse({"calls": rows})


@bodies.door("POST")
def answer(request: HttpRequest, number: str, sid: str) -> None:
    """Takes a ringing call."""
    if not caller.answer(_find(number, sid)):
        raise Turned(409, "The call is not ringing.")


@bodies.door("POST")
def decline(request: HttpRequest, number: str, sid: str) -> None:
    """Refuses a ringing call."""
    if not caller.decline(_find(number, sid)):
        raise Turned(409, "The call is not ringing.")


@bodies.door("POST")
def press(request: HttpRequest, number: str, sid: str) -> None:
    """Presses keys during a call."""
    call = _find(number, sid)
    digits = bodies.fields(request).get("digits")
    # JSON may bring the number 1.
    keys = str(digits) if isinstance(digits, int) and not isinstance(digits, bool) else digits
    if not isinstance(keys, str) or not KEYS.fullmatch(keys):
        raise Turned(400, "digits are 1 to 32 of 0-9, * and #.")
    if not caller.press(call, keys):
        raise Turned(409, "Nobody is on the line.")


@bodies.door("POST")
def hangup(request: HttpRequest, number: str, sid: str) -> None:
    """Ends an answered call."""
    if not caller.hang_up(_find(number, sid)):
        raise Turned(409, "Nobody is on the line.")


@bodies.door("GET", "POST")
def profile(request: HttpRequest, number: str) -> JsonResponse | None:
    """What the telephone is like; POST changes the fields it names, an empty delay clears it.

    ``sim_swapped`` changes the SIM card now, or makes it never changed; ``sim_swapped_at`` says
    when it was changed.
    """
    if request.method == "GET":
        return JsonResponse(asdict(store.handset(number)))
    body = bodies.fields(request)
    if unknown := body.keys() - {*FLAGS, "delay_ms", "sim_swapped", "sim_swapped_at"}:
        raise Turned(400, f"Unknown field: {', '.join(sorted(unknown))}.")
    changes = {name: bodies.flag(body[name], name) for name in FLAGS if name in body}
    if "delay_ms" in body:
        value = body["delay_ms"]
        is_set = value not in (None, "")
        delay = bodies.whole(value, "delay_ms", least=0, most=DELAY_MOST) if is_set else None
        changes["delay_ms"] = delay
    if "sim_swapped_at" in body:
        changes["sim_swapped_at"] = bodies.moment(body["sim_swapped_at"], "sim_swapped_at")
    if "sim_swapped" in body:
        swapped = bodies.flag(body["sim_swapped"], "sim_swapped")
        changes["sim_swapped_at"] = formats.now() if swapped else None
    with store.lock:
        row = store.handsets.setdefault(number, Handset(number))
        for name, value in changes.items():
            setattr(row, name, value)
        store.lock.notify_all()
    return None


def _find(number: str, sid: str) -> Call:
    call = store.calls.get(sid)
    if not call or call.to != number:
        raise Turned(404, "No such call on this telephone.")
    return call


def _message(row: Message) -> dict[str, object]:
    return {
        "sid": row.sid,
        "from": row.sender or SENDER,
        "body": row.body,
        "at": formats.rfc3339(row.created),
        "status": row.status,
    }


def _call(row: Call) -> dict[str, object]:
    return {
        "sid": row.sid,
        "from": row.sender,
        "status": row.status,
        "at": formats.rfc3339(row.created),
        "spoken": [spoken.text for spoken in row.spoken],
        "pressed": row.pressed,
        "trouble": row.trouble,
    }


def _telephone(number: str) -> dict[str, object]:
    """Context of ``handset.html``."""
    with store.lock:
        thread = list(store.messages_of(number))[:SHOWN_MOST]
        talks = list(store.calls_of(number))[:SHOWN_MOST]
        current = next((call for call in talks if call.status in {"ringing", "in-progress"}), None)
        return {
            "number": number,
            "spaced": formats.spaced(number),
            "name": _names().get(number, ""),
            "thread": thread[::-1],
            "talks": [call for call in talks if call is not current],
            "call": current,
            "telephone": store.handset(number),
            "keypad": KEYPAD,
            "now": formats.now(),
        }


def _summary(number: str, name: str) -> dict[str, object]:
    message = next(store.messages_of(number), None)
    call = next(store.calls_of(number), None)
    latest = [formats.rfc3339(row.created) for row in (message, call) if row]
    return {
        "number": number,
        "spaced": formats.spaced(number),
        "name": name,
        "message": message,
        "call": call,
        "is_ringing": bool(call and call.status == "ringing"),
        "at": max(latest, default=""),
    }


def _known() -> dict[str, str]:
    """Every number that was named, written to or called, with its holder's name if known."""
    with store.lock:
        numbers = [
            *_names(),
            *store.handsets,
            *(row.sender if row.to == SENDER else row.to for row in store.messages.values()),
            *(row.to for row in store.calls.values()),
        ]
    names = _names()
    return {number: names.get(number, "") for number in dict.fromkeys(numbers) if number}


def _names() -> dict[str, str]:
    """The cast of the demo: ``handsets.json`` in DEMO_DIR maps numbers to names, if it is there."""
    try:
        content = (settings.CONFIG.demo_dir / "handsets.json").read_text(encoding="utf-8")
        names = json.loads(content)
    except (OSError, ValueError):
        return {}
    return {str(number): str(name) for number, name in names.items()}
