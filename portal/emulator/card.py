"""The DSC+ cards: pressed as a page, or asked over HTTP."""

import json
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal.emulator import bodies, keypad
from portal.emulator.bodies import Turned
from portal.emulator.clock import clock
from portal.emulator.keypad import Face, Stage
from portal.emulator.state import Card, store
from sls.algorithms import ocra

KEYS_MOST = 32
ROWS = [("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (keypad.CLEAR, "0", keypad.OK)]
CELL_WIDTH = 40


@dataclass(frozen=True)
class Made:
    """A card as its maker wrote it into ``cards.json``. ``hint`` says whose it is in the demo."""

    serial: str
    suite: str
    seed: bytes
    hint: str = ""

    def __repr__(self) -> str:
        return f"Made({self.serial!r})"


@bodies.door("GET", "HEAD")
def cards(request: HttpRequest) -> HttpResponse:
    """``/card/``: every card with what its display shows."""
    rows = [{"card": made, "cells": _cells(_face(made.serial))} for made in _made().values()]
    return render(request, "emulator/cards.html", {"cards": rows})


@bodies.door("GET", "HEAD")
def card(request: HttpRequest, serial: str) -> HttpResponse:
    """``/card/<serial>/``: the card itself."""
    made = _find(serial)
    face = _face(serial)
    context = {
        "card": made,
        "display": face.display.strip(),
        "cells": _cells(face),
        "rows": ROWS,
        "seconds": _seconds_left(serial),
    }
    return render(request, "emulator/card.html", context)


@bodies.door("POST")
def press(request: HttpRequest, serial: str) -> HttpResponse:
    """Presses ``keys`` one after the other: digits, P (the button), K (OK) and C (clear)."""
    made = _find(serial)
    keys = bodies.text(bodies.fields(request).get("keys"), "keys", most=KEYS_MOST)
    if set(keys) - {*keypad.DIGITS, keypad.PRESS, keypad.OK, keypad.CLEAR}:
        raise Turned(400, "keys are digits, P, K and C.")
    with store.lock:
        face = _face(serial)
        for key in keys:
            face = keypad.pressed(face, key, lambda pin, asked: _respond(made, pin, asked))
        shown = _keep(serial, face)
    return bodies.back(request) or JsonResponse(shown)


@bodies.door("POST")
def respond(request: HttpRequest, serial: str) -> HttpResponse:
    """The response to ``challenge`` with ``pin``; the display shows it too."""
    made = _find(serial)
    body = bodies.fields(request)
    pin = _digits(body.get("pin"), "pin", keypad.PIN_DIGITS)
    challenge = _digits(body.get("challenge"), "challenge", keypad.CHALLENGE_DIGITS)
    with store.lock:
        response = _respond(made, pin, challenge)
        _keep(serial, Face(Stage.RESPONSE, response))
    return bodies.back(request) or JsonResponse({"response": response})


def _respond(made: Made, pin: str, challenge: str) -> str:
    suite = ocra.parse(made.suite)
    counter = None
    if suite.counter:
        card = store.cards.setdefault(made.serial, Card())
        counter, card.counter = card.counter, card.counter + 1
    known_pin = pin if suite.pin else None
    return ocra.compute(made.suite, made.seed, challenge, counter=counter, pin=known_pin)


def _face(serial: str) -> Face:
    """The card as it lies there now; after a time without a press it is off."""
    with store.lock:
        found = store.cards.get(serial)
        return found.face if found and _seconds_left(serial) else Face()


def _keep(serial: str, face: Face) -> dict[str, object]:
    """Remembers it, and says what is to be seen and for how long."""
    card = store.cards.setdefault(serial, Card())
    card.face, card.pressed = face, time.monotonic()
    return {"display": face.display, "seconds": _seconds_left(serial)}


def _seconds_left(serial: str) -> float:
    found = store.cards.get(serial)
    if found is None or found.face.stage is Stage.OFF:
        return 0.0
    awake = clock.seconds(keypad.AWAKE_SECONDS)
    return max(0.0, found.pressed + awake - time.monotonic())


def _cells(face: Face) -> list[tuple[int, str]]:
    return [(place * CELL_WIDTH, char) for place, char in enumerate(face.display)]


def _find(serial: str) -> Made:
    made = _made().get(serial)
    if made is None:
        raise Turned(404, "No such card.")
    return made


def _digits(value: object, name: str, length: int) -> str:
    # JSON may bring a number, whose leading zeros are lost: then it is too short.
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    well_formed = isinstance(digits, str) and digits.isascii() and digits.isdigit()
    if not well_formed or len(digits) != length:
        raise Turned(400, f"{name} is not {length} digits.")
    return digits


def _made() -> dict[str, Made]:
    """``cards.json`` of DEMO_DIR, if it is there."""
    try:
        content = (settings.CONFIG.demo_dir / "cards.json").read_text(encoding="utf-8")
        rows = [
            Made(row["serial"], row["suite"], bytes.fromhex(row["seed"]), row.get("hint", ""))
            for row in json.loads(content)["cards"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {made.serial: made for made in rows}
