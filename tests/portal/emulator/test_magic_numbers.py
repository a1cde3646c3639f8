"""The test credentials: magic numbers, and nothing else (twilio.com/docs/iam/test-credentials)."""

import pytest
from twilio.base.exceptions import TwilioRestException

SENDER = "+15005550006"
GOOD = "+14155550101"


def refusal(create, **fields) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as raised:
        create(**fields)
    return raised.value.status, raised.value.code


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("+15005550001", 21212),
        ("+15005550007", 21606),
        ("+15005550008", 21611),
        ("+14155550199", 21606),
    ],
)
def test_refuses_an_sms_from(sandbox, sender, code):
    refused = refusal(sandbox.messages.create, to=GOOD, from_=sender, body="Hello")
    assert refused == (400, code)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
        ("+1415", 21211),
        ("nobody", 21211),
    ],
)
def test_refuses_an_sms_to(sandbox, to, code):
    assert refusal(sandbox.messages.create, to=to, from_=SENDER, body="Hello") == (400, code)


@pytest.mark.parametrize(
    ("sender", "code"), [("+15005550001", 21212), ("+15005550007", 21210), ("+14155550199", 21210)]
)
def test_refuses_a_call_from(sandbox, sender, code):
    refused = refusal(sandbox.calls.create, to=GOOD, from_=sender, twiml="<Response/>")
    assert refused == (400, code)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21217),
        ("+15005550002", 21214),
        ("+15005550003", 21215),
        ("+15005550004", 21216),
        ("nobody", 21217),
    ],
)
def test_refuses_a_call_to(sandbox, to, code):
    refused = refusal(sandbox.calls.create, to=to, from_=SENDER, twiml="<Response/>")
    assert refused == (400, code)


def test_accepts_but_stores_nothing(sandbox, phone):
    message = sandbox.messages.create(to=GOOD, from_=SENDER, body="Hello")
    call = sandbox.calls.create(to=GOOD, from_=SENDER, twiml="<Response/>")
    assert (message.status, call.status) == ("queued", "queued")
    assert message.sid.startswith("SM")
    assert call.sid.startswith("CA")
    assert phone.messages() == phone.calls() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.messages("SM" + "0" * 32).fetch(),
        lambda client: client.calls("CA" + "0" * 32).delete(),
        lambda client: client.incoming_phone_numbers.create(phone_number=SENDER),
    ],
)
def test_everything_else_is_closed(sandbox, ask):
    assert refusal(lambda: ask(sandbox)) == (403, 20008)


def test_lists_are_closed(http, emulator):
    account = "AC00000000000000000000000000000002"
    url = f"{emulator.base_url}/2010-04-01/Accounts/{account}/Messages.json"
    answer = http.get(url, auth=(account, "emulator_test_token"))
    assert (answer.status_code, answer.json()["code"]) == (403, 20008)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": SENDER, "body": "x"}, 21604),
        ({"to": GOOD, "body": "x"}, 21603),
        ({"to": GOOD, "from_": SENDER}, 21602),
        ({"to": GOOD, "from_": SENDER, "body": "x" * 1601}, 21617),
        ({"to": GOOD, "from_": SENDER, "body": "x", "status_callback": "nowhere"}, 21609),
        ({"to": GOOD, "from_": SENDER, "body": "x", "status_callback": "http://a_b/"}, 21609),
        ({"to": GOOD, "from_": SENDER, "body": "x", "validity_period": 36001}, 90007),
    ],
)
def test_validates_a_message_as_usual(sandbox, twilio, fields, code):
    assert refusal(sandbox.messages.create, **fields) == (400, code)
    assert refusal(twilio.messages.create, **fields) == (400, code)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": SENDER, "twiml": "<Response/>"}, 21201),
        ({"to": GOOD, "from_": "", "twiml": "<Response/>"}, 21213),
        ({"to": GOOD, "from_": SENDER}, 21205),
        ({"to": GOOD, "from_": SENDER, "url": "ftp://example.com/"}, 21205),
        ({"to": GOOD, "from_": SENDER, "twiml": "x" * 4001}, 20001),
    ],
)
def test_validates_a_call_as_usual(sandbox, twilio, fields, code):
    assert refusal(sandbox.calls.create, **fields) == (400, code)
    assert refusal(twilio.calls.create, **fields) == (400, code)
