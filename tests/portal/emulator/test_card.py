"""The card over HTTP: asked by programs, and pressed key by key."""

import pytest

from portal.emulator import keypad
from portal.emulator.keypad import Face, Stage
from sls.algorithms import ocra
from tests.emulator_process import until
from tests.portal.emulator.conftest import COUNTING, SPEED, SUITE, Card

SEED = b"1" * 32
RIGHT = ocra.compute(SUITE, SEED, "492817", pin="4827")


def test_answers_a_challenge(card):
    answer = card.respond(pin="4827", challenge="492817")
    assert (answer.status_code, answer.json()) == (200, {"response": RIGHT})


def test_takes_a_form_too(card, http):
    answer = http.post(f"{card.url}respond", data={"pin": "4827", "challenge": "492817"})
    assert answer.json() == {"response": RIGHT}


def test_cannot_tell_a_wrong_pin(card):
    answer = card.respond(pin="4828", challenge="492817")
    assert answer.status_code == 200
    assert answer.json()["response"] != RIGHT
    assert len(answer.json()["response"]) == 8


@pytest.mark.parametrize(
    "fields",
    [
        {"pin": "4827"},
        {"challenge": "492817"},
        {"pin": "48271", "challenge": "492817"},
        {"pin": "4827", "challenge": "49281"},
        {"pin": "４８２７", "challenge": "492817"},
        {"pin": "48 7", "challenge": "492817"},
        {"pin": True, "challenge": "492817"},
        {"pin": ["4827"], "challenge": "492817"},
    ],
)
def test_refuses_what_has_no_place_on_the_keys(card, fields):
    assert card.respond(**fields).status_code == 400


@pytest.mark.parametrize("place", ["", "press", "respond"])
def test_a_card_that_is_not_there(emulator, http, place):
    url = f"{emulator.base_url}/card/DSC9999999/{place}"
    assert (http.post(url, json={}) if place else http.get(url)).status_code == 404


def test_counts_the_presses_of_a_counter_suite(emulator, http):
    card = Card(f"{emulator.base_url}/card/DSC1000002/", http)
    answers = [card.respond(pin="0000", challenge="492817").json()["response"] for _ in range(3)]
    assert answers == [ocra.compute(COUNTING, b"2" * 32, "492817", counter=n) for n in range(3)]


def test_is_pressed_key_by_key(card):
    assert card.press("P") == "PIN>    "
    assert card.press("48") == "PIN>--  "
    assert card.press("27K") == "CHALLNG>"
    assert card.press("492") == "492     "
    assert card.press("817") == "492817  "
    assert card.press("K") == RIGHT


@pytest.mark.parametrize("keys", ["", "X", "4 8", "k", "1" * 33])
def test_has_no_other_keys(card, http, keys):
    assert http.post(f"{card.url}press", data={"keys": keys}).status_code == 400


def test_switches_itself_off(card, http):
    card.press("P4827K")
    assert "CHALLNG&gt;" in http.get(card.url).text
    patience = 2 * keypad.AWAKE_SECONDS / SPEED
    until(lambda: "The display is off." in http.get(card.url).text, patience)
    assert card.press("4").strip() == ""


def display(keys: str, respond=lambda pin, asked: "12345678") -> str:
    face = Face()
    for key in keys:
        face = keypad.pressed(face, key, respond)
    return face.display.strip()


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("1", ""),
        ("KC", ""),
        ("P48271", "PIN>----"),
        ("P48K", "PIN>--"),
        ("P48C", "PIN>-"),
        ("PCC", "PIN>"),
        ("P4827K4928179", "492817"),
        ("P4827K49281C", "4928"),
        ("P4827K49281K", "49281"),
        ("P4827K492817K", "12345678"),
        ("P4827K492817K9KC", "12345678"),
        ("P4827K492P", "PIN>"),
    ],
)
def test_takes_only_the_keys_it_waits_for(keys, shown):
    assert display(keys) == shown


def test_forgets_the_pin_once_it_has_answered():
    face = Face(Stage.CHALLENGE, typed="492817", pin="4827")
    assert keypad.pressed(face, keypad.OK, lambda pin, asked: pin * 2) == Face(
        Stage.RESPONSE, "48274827"
    )
