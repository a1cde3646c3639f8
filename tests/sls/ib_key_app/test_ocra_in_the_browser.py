"""static/ibkey/ocra.js gives what sls.algorithms.ocra gives, and quickly."""

import random

import pytest

from sls.algorithms import ocra
from tests.journeys.ib_key_server import SUITES

MOST = 20  # milliseconds
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# [suite, key, question, pin] -> responses, and how long all took.
RUN = """async (inputs) => {
  const {compute} = await import("/static/ibkey/ocra.js");
  const responses = [];
  const began = performance.now();
  for (const [suite, key, question, pin] of inputs) {
    responses.push(await compute(suite, Uint8Array.from(key), question, pin));
  }
  return {responses, each: (performance.now() - began) / inputs.length};
}"""
REFUSED = """async (input) => {
  const {compute} = await import("/static/ibkey/ocra.js");
  const [suite, question, pin] = input;
  return compute(suite, new Uint8Array(32), question, pin).then(() => "", (error) => error.name);
}"""


@pytest.fixture
def app_page(page, live_server):
    page.goto(f"{live_server.url}/ibkey/")
    return page


def inputs(count: int) -> list[list]:
    """Made up, the same each time."""
    chance = random.Random(6287)
    made = []
    for number in range(count):
        kind = ("pin", "biometrics")[number % 2]
        pin = "".join(chance.choices(LETTERS, k=chance.randint(4, 6))) if kind == "pin" else None
        question = "".join(chance.choices("0123456789", k=6))
        made.append([SUITES[kind], list(chance.randbytes(32)), question, pin])
    return made


EDGES = [
    [SUITES[kind], list(bytes(range(32))), question, "1234" if kind == "pin" else None]
    for kind in SUITES
    for question in ("000000", "000001", "099999", "100000", "999999", "0", "15", "16")
]


def test_a_thousand_responses_are_the_servers_and_each_takes_less_than_20_ms(app_page):
    asked = [*EDGES, *inputs(1000)]
    told = app_page.evaluate(RUN, asked)
    expected = [
        ocra.compute(suite, bytes(key), question, pin=pin) for suite, key, question, pin in asked
    ]
    assert told["responses"] == expected
    assert told["each"] < MOST


@pytest.mark.parametrize(
    ("suite", "question", "pin"),
    [
        ("ocra-1:hotp-sha256-8:qn06", "123456", None),
        ("OCRA-1:HOTP-SHA256-8:QN08", "123456", None),
        (SUITES["biometrics"], "1234567", None),
        (SUITES["biometrics"], "12345a", None),
        (SUITES["biometrics"], "", None),
        (SUITES["biometrics"], "123456", "1234"),
        (SUITES["pin"], "123456", None),
    ],
)
def test_what_does_not_fit_the_suite_is_refused(app_page, suite, question, pin):
    assert app_page.evaluate(REFUSED, [suite, question, pin]) == "RangeError"
