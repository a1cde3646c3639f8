"""The handset over HTTP: thread, profile, writing back."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.emulator_process import until

SENDER = "+15005550006"
ALICE = "+14155550101"


@pytest.fixture
def send(twilio):
    return lambda **fields: twilio.messages.create(
        **{"to": ALICE, "from_": SENDER, "body": "Hello"} | fields
    )


def code(send) -> int:
    with pytest.raises(TwilioRestException) as raised:
        send()
    return raised.value.code


def test_shows_messages_newest_first(send, phone):
    send(body="one")
    send(body="two")
    until(lambda: {row["status"] for row in phone.messages()} == {"delivered"})
    rows = phone.messages()
    assert [row["body"] for row in rows] == ["two", "one"]
    assert rows[0].keys() == {"sid", "from", "body", "at", "status"}
    assert rows[0]["from"] == SENDER
    assert rows[0]["at"].endswith("Z")


def test_the_plus_may_be_escaped(send, phone, http):
    send()
    escaped = phone.url.replace("+", "%2B")
    assert len(http.get(f"{escaped}messages.json").json()["messages"]) == 1


@pytest.mark.parametrize("number", ["14155550101", "+0123456", "+1", "alice"])
def test_no_telephone_has_an_odd_number(emulator, http, number):
    assert http.get(f"{emulator.base_url}/phone/{number}/messages.json").status_code == 404


def test_an_unreachable_handset_gets_nothing(send, phone):
    phone.be(reachable=False)
    send()
    until(lambda: phone.messages()[0]["status"] == "undelivered")


def test_one_that_opted_out_or_is_a_landline_is_refused(send, phone):
    phone.be(opted_out=True)
    assert code(send) == 21610
    phone.be(opted_out=False, landline=True)
    assert code(send) == 21614


def test_a_landline_abroad_has_the_newer_code(send, http, emulator):
    url = f"{emulator.base_url}/phone/+819012345678/profile"
    http.post(url, data={"landline": "on"})
    assert code(lambda: send(to="+819012345678")) == 21635


def test_a_delay_slows_every_step(send, phone):
    phone.be(delay_ms=60_000)
    send()
    assert phone.messages()[0]["status"] == "queued"
    phone.be(delay_ms=None)
    send()
    until(lambda: phone.messages()[0]["status"] == "delivered")
    assert phone.messages()[1]["status"] == "queued"


@pytest.mark.parametrize(
    "body",
    [{"reachable": "maybe"}, {"delay_ms": -1}, {"delay_ms": True}, {"nonsense": 1}, [1], "x"],
)
def test_a_bad_profile_is_400_and_changes_nothing(phone, http, body):
    before = http.get(f"{phone.url}profile").json()
    assert http.post(f"{phone.url}profile", json=body).status_code == 400
    assert http.get(f"{phone.url}profile").json() == before


def test_a_broken_json_body_is_400(phone, http):
    headers = {"Content-Type": "application/json"}
    answer = http.post(f"{phone.url}profile", data="{", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("text", "word"), [("Stop", "STOP"), ("START", "START"), (" help ", "HELP")]
)
def test_keywords_reach_the_customer_signed(phone, http, customer, text, word):
    assert http.post(f"{phone.url}messages", data={"body": text}).status_code == 204
    hit = until(lambda: customer.at("/inbound/"))[0]
    assert hit.form["OptOutType"] == word
    assert (hit.form["From"], hit.form["To"], hit.form["NumMedia"]) == (ALICE, SENDER, "0")
    assert hit.form["Body"] == text.strip()
    assert hit.form["MessageSid"] == phone.messages()[0]["sid"]
    token = RequestValidator("emulator_auth_token")
    assert token.validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])


def test_stop_stops_and_start_starts_again(send, phone, http, customer):
    http.post(f"{phone.url}messages", json={"body": "STOP"})
    assert code(send) == 21610
    http.post(f"{phone.url}messages", json={"body": "start"})
    assert send().sid


def test_other_words_are_no_keywords_and_may_be_answered(phone, http, customer):
    customer.pages["/inbound/"] = "<Response><Message>Thank you</Message></Response>"
    http.post(f"{phone.url}messages", data={"body": "Stop it"})
    until(lambda: len(phone.messages()) == 2)
    assert "OptOutType" not in customer.at("/inbound/")[0].form
    assert phone.messages()[0]["body"] == "Thank you"
    assert http.get(f"{phone.url}profile").json()["opted_out"] is False


def test_an_empty_message_is_400(phone, http):
    assert http.post(f"{phone.url}messages", data={"body": " "}).status_code == 400


def test_a_form_of_a_browser_is_sent_back_to_its_page(phone, http):
    headers = {"Accept": "text/html", "Referer": phone.url}
    answer = http.post(
        f"{phone.url}messages", data={"body": "Hi"}, headers=headers, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, phone.url)


def test_reset_forgets_everything(send, phone, http, emulator):
    phone.be(landline=False, delay_ms=60_000)
    send()
    assert http.post(f"{emulator.base_url}/control/reset").status_code == 204
    assert phone.messages() == []
    assert http.get(f"{phone.url}profile").json()["delay_ms"] is None
