"""What is a credential, and what is none."""

import json

import pytest

from sls.methods.passkey import reading

ANSWER = {
    "id": "abc",
    "rawId": "abc",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}
MADE = {**ANSWER, "response": {"clientDataJSON": "e30", "attestationObject": "AA"}}


def bent(**fields: object) -> str:
    return json.dumps(ANSWER | fields)


def bent_inside(**fields: object) -> str:
    return json.dumps(ANSWER | {"response": ANSWER["response"] | fields})


def test_reads_an_answer_and_drops_what_is_not_needed():
    text = bent(clientExtensionResults={"a": 1}, authenticatorAttachment="platform")
    assert reading.assertion(text) == ANSWER


def test_keeps_the_handle_of_the_user():
    assert reading.assertion(bent_inside(userHandle="abc"))["response"]["userHandle"] == "abc"
    assert "userHandle" not in reading.assertion(bent_inside(userHandle=None))["response"]


def test_keeps_only_transports_that_there_are():
    made = json.dumps(
        MADE | {"response": MADE["response"] | {"transports": ["usb", "x", 7, "usb"]}}
    )
    assert reading.registration(made)["response"]["transports"] == ["usb"]


def test_has_one_spelling():
    assert reading.dumped(reading.assertion(json.dumps(ANSWER, indent=4))) == reading.dumped(ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "493817",
        "[]",
        "null",
        "{",
        '{"id": "abc", "id": "abc"}',
        json.dumps(MADE),
        bent(type="password"),
        bent(id=7),
        bent(id=["abc"]),
        bent(rawId=None),
        bent(id="abc="),
        bent(id="ab c"),
        bent(id="ａｂｃ"),
        bent(response=[]),
        bent(response=None),
        bent_inside(signature=""),
        bent_inside(signature=True),
        bent_inside(signature="\ud800"),
        bent_inside(userHandle=7),
        bent(padding="x" * reading.MOST),
        '{"id":' + "[" * 4000,
        '{"id":' + '{"a":' * 1500,
    ],
)
def test_what_is_not_exactly_a_credential_is_none(text):
    assert reading.assertion(text) is None
